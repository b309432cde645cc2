import { describe, expect, it } from 'vitest';
import { type Task, updateState } from '../../src/reloads/docker-service/update-state.ts';
import { type Deployment, progressOf } from '../../src/reloads/ecs-service/deployment.ts';
import { runIn } from '../../src/reloads/github-workflow/run.ts';
import { type RolloutKind, rolloutState } from '../../src/reloads/kubernetes-rollout/rollout-state.ts';

describe('a deployment of ECS', () => {
  const deployment = (over: Partial<Deployment> = {}): Deployment => ({
    id: 'ours',
    status: 'PRIMARY',
    rollout: 'COMPLETED',
    reason: undefined,
    desired: 2,
    running: 2,
    taskDefinition: 'shop:7',
    ...over,
  });
  const old = deployment({ id: 'old', status: 'ACTIVE' });
  const progress = (deployments: readonly Deployment[], events: readonly string[] = []) =>
    progressOf(deployments, 'ours', new Set(['old']), events);

  it('is done when it is complete, all its tasks run, and none of an older one', () => {
    expect(progress([deployment(), { ...old, running: 0 }])).toMatchObject({ state: 'done' });
  });

  it.each<[string, readonly Deployment[], string]>([
    ['others still run', [deployment(), old], 'COMPLETED, 2 of 2 new tasks run, 2 old ones'],
    ['too few run', [deployment({ running: 1 })], '1 of 2'],
    ['it tells no state, beside others', [deployment({ rollout: undefined }), old], 'no rollout state'],
    ['it is not seen yet', [{ ...old, status: 'PRIMARY' }], 'it is not seen yet'],
    ['nothing is seen', [], 'it is not seen yet'],
  ])('goes on while %s', (_what, deployments, summary) => {
    expect(progress(deployments)).toMatchObject({
      state: 'going',
      summary: expect.stringContaining(summary),
    });
  });

  it.each<[string, readonly Deployment[], readonly string[], string]>([
    ['it failed', [deployment({ rollout: 'FAILED', reason: 'no image' })], [], 'it failed (no image)'],
    ['it failed without a reason', [deployment({ rollout: 'FAILED', reason: '' })], [], 'it failed'],
    ['a later one failed', [deployment({ id: 'later', rollout: 'FAILED' })], [], 'it failed'],
    [
      'an older one was put back',
      [deployment({ id: 'back', reason: 'ECS deployment circuit breaker: rolling back to old.' })],
      [],
      'it is rolled back (ECS deployment',
    ],
    [
      'an event says so',
      [old],
      ['(deployment ours) deployment failed: x'],
      '(deployment ours) deployment failed',
    ],
  ])('has failed when %s', (_what, deployments, events, summary) => {
    const seen = progress(deployments, events);
    expect(seen).toMatchObject({ state: 'failed', summary: expect.stringContaining(summary) });
  });

  it('that somebody started later stands for ours', () => {
    expect(progress([deployment({ id: 'later' })])).toMatchObject({ state: 'done' });
  });
});

describe('an update of a swarm', () => {
  const task = (over: Task = {}): Task => ({
    Spec: { ForceUpdate: 3 },
    Status: { State: 'running' },
    ...over,
  });
  const state = (tasks: readonly Task[], over: Record<string, unknown> = {}, update?: { State: string }) =>
    updateState(
      {
        update,
        spec: { TaskTemplate: { ForceUpdate: 3 }, Mode: { Replicated: { Replicas: 2 } }, ...over },
      },
      tasks,
      3,
    );

  it('is up when as many new tasks run as there should be', () => {
    expect(state([task(), task()])).toEqual({ state: 'up', seen: '2 of 2 new tasks run' });
    expect(state([task()], { Mode: { Global: {} } })).toMatchObject({ state: 'up' });
    expect(state([task()], { Mode: undefined })).toMatchObject({ state: 'up' });
  });

  it.each<[string, readonly Task[]]>([
    ['one is missing', [task()]],
    ['one is old', [task(), task({ Spec: { ForceUpdate: 2 } })]],
    ['one does not tell whose it is', [task(), { Status: { State: 'running' } }]],
    ['one does not run yet', [task(), task({ Status: { State: 'starting' } })]],
    ['one does not tell how it is', [task(), { Spec: { ForceUpdate: 3 } }]],
  ])('goes on while %s', (_what, tasks) => {
    expect(state(tasks)).toMatchObject({ state: 'updating' });
  });

  it('has failed when the swarm paused it, and when the service has its old spec again', () => {
    expect(state([task(), task()], {}, { State: 'paused' })).toEqual({ state: 'failed', seen: 'paused' });
    const back = { state: 'failed', seen: 'it was given its old spec again' };
    expect(state([task()], { TaskTemplate: { ForceUpdate: 2 } })).toEqual(back);
    expect(state([task()], { TaskTemplate: undefined })).toEqual(back);
  });
});

describe('a rollout', () => {
  const metadata = { generation: 2 };
  const seen = (kind: RolloutKind, status: object, spec: object = { replicas: 2 }) =>
    rolloutState(kind, { metadata, spec, status: { observedGeneration: 2, ...status } } as never).state;

  it.each<[RolloutKind, object, string]>([
    ['deployment', { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }, 'up'],
    ['deployment', { replicas: 3, updatedReplicas: 2, availableReplicas: 3 }, 'rolling'],
    ['deployment', { replicas: 2, updatedReplicas: 2, availableReplicas: 1 }, 'rolling'],
    ['deployment', { replicas: 2, updatedReplicas: 'two', availableReplicas: 2 }, 'rolling'],
    ['deployment', {}, 'rolling'],
    ['statefulset', { updatedReplicas: 1, updateRevision: 'b', currentRevision: 'a' }, 'rolling'],
    ['statefulset', { readyReplicas: 2, updateRevision: 'b', currentRevision: 'b' }, 'up'],
    ['statefulset', { readyReplicas: 2, availableReplicas: 1 }, 'rolling'],
    ['daemonset', { desiredNumberScheduled: 2, updatedNumberScheduled: 1 }, 'rolling'],
    ['daemonset', { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }, 'rolling'],
    ['daemonset', { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 }, 'up'],
  ])('of a %s with %j is %s', (kind, status, state) => {
    expect(seen(kind, status)).toBe(state);
  });

  it('that the controller has not seen goes on, whatever the counts say', () => {
    const counts = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    expect(seen('deployment', { ...counts, observedGeneration: 1 })).toBe('rolling');
    expect(seen('deployment', { ...counts, observedGeneration: 'two' })).toBe('rolling');
  });

  it('has failed when its deadline is over, with the words of the controller', () => {
    const conditions = [
      null,
      { type: 'Available' },
      { type: 'Progressing', reason: 'ProgressDeadlineExceeded' },
    ];
    const state = (message?: string) =>
      rolloutState('deployment', {
        metadata: {},
        status: {
          conditions: conditions.map((each) => each && { ...each, ...(message ? { message } : {}) }),
        },
      } as never);
    expect(state()).toEqual({ state: 'failed', seen: 'progress deadline exceeded' });
    expect(state('pods crash')).toEqual({ state: 'failed', seen: 'progress deadline exceeded: pods crash' });
  });

  it('of a workload that tells nothing is not up', () => {
    expect(rolloutState('deployment', {} as never).state).toBe('rolling');
  });
});

describe('a run of a workflow', () => {
  it('has a page and a branch where GitHub tells them', () => {
    const told = {
      id: 7,
      status: 'completed',
      conclusion: 'success',
      html_url: 'https://x',
      head_branch: 'main',
    };
    expect(runIn(told)).toEqual({
      id: 7,
      status: 'completed',
      conclusion: 'success',
      url: 'https://x',
      branch: 'main',
    });
    expect(runIn({ id: 7, status: 'queued', conclusion: null })).toEqual({
      id: 7,
      status: 'queued',
      conclusion: undefined,
      url: 'run 7',
      branch: undefined,
    });
  });

  it.each([[null], ['run'], [{ status: 'queued' }], [{ id: '7', status: 'queued' }], [{ id: 7 }]])(
    'is not seen in %j',
    (told) => {
      expect(runIn(told)).toBeUndefined();
    },
  );
});
