import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { progressOf } from '../../src/reloads/ecs-service/deployment.ts';
import type { EmulatedEcsService } from '../../src/reloads/ecs-service/emulated-service.ts';
import { type EcsServiceEmulator, startEcsServiceEmulator } from '../../src/reloads/ecs-service/emulator.ts';
import { plugin } from '../../src/reloads/ecs-service/index.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

let emulator: EcsServiceEmulator;
let reload: OpenedReload;
let service: EmulatedEcsService;

beforeEach(async () => {
  emulator = await startEcsServiceEmulator();
  reload = await open();
  service = emulator.service('checkout');
});
afterEach(() => emulator.stop());

function open(options: JsonObject = {}): Promise<OpenedReload> {
  const adapted = emulator.options({ cluster: 'prod', service: 'checkout', interval: '10s', ...options });
  const references = Object.fromEntries(
    [adapted['accessKeyId'], adapted['secretAccessKey']].map((name) => [
      String(name),
      emulator.resolve(String(name)) ?? '',
    ]),
  );
  return openReload(plugin, adapted, { references, timeoutMs: 60_000 });
}

const refusal = (code: string, message: RegExp) =>
  expect(reload.run()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });

describe('a deployment', () => {
  it('is waited for until it is COMPLETED and no old task is left, and is told in the receipt', async () => {
    const [old] = service.deployments;
    const evidence = await reload.run();
    const [now] = service.deployments;
    expect(now?.id).not.toBe(old?.id);
    expect(evidence).toEqual({
      cluster: 'prod',
      service: 'checkout',
      deployment: now?.id,
      taskDefinition: expect.stringContaining('task-definition/checkout:7'),
      running: 2,
      looks: 2,
    });
    expect(reload.clock.sleeps).toEqual([10_000]);
  });

  it('is not taken for the old one that a late look still shows', async () => {
    emulator.server.onWrite((moment) => {
      if (moment === 'after') service.lag = 3;
    });
    expect(await reload.run()).toMatchObject({ looks: 5 });
  });

  it.each(['fails', 'rolls-back'] as const)(
    'that %s is a failure, with the reason of ECS',
    async (outcome) => {
      service.next.push(outcome);
      await refusal('CHECK_FAILED', /circuit breaker/);
    },
  );

  it('that was rolled back between two looks is a failure', async () => {
    emulator.server.onWrite((moment) => {
      if (moment === 'before') return;
      const [ours] = service.deployments;
      service.events.unshift(
        `(service checkout) (deployment ${ours?.id}) deployment failed: tasks failed to start.`,
      );
      Object.assign(ours ?? {}, { id: 'ecs-svc/1', rollout: 'COMPLETED', running: 2 });
      service.deployments.splice(1);
    });
    await refusal('CHECK_FAILED', /deployment failed/);
  });

  it('that was there before is not taken for the new one, whatever the answer names', async () => {
    const [old] = service.deployments;
    emulator.server.onWrite((moment) => {
      if (moment === 'before' && old !== undefined) service.begun = old;
    });
    await refusal('INDETERMINATE', /was there before/);
  });

  it('that somebody starts after ours stands for ours', async () => {
    service.next.push('stuck', 'completes');
    const other = await open();
    const ours = reload.run();
    await other.run();
    expect(await ours).toMatchObject({ running: 2 });
  });

  it('that does not end is given up after its limit', async () => {
    service.next.push('stuck');
    await refusal('CHECK_FAILED', /not done within 1m: IN_PROGRESS, 0 of 2 new tasks run, 2 old ones/);
    expect(reload.clock.now()).toBe(55_000);
  });

  it('goes on while nobody can look', async () => {
    emulator.server.onWrite((moment) => {
      if (moment === 'after') void emulator.inject?.({ on: 'read', kind: 'status', status: 503, times: 2 });
    });
    expect(await reload.run()).toMatchObject({ looks: 4 });
  });
});

describe('a service that ECS cannot deploy is refused, and left alone', () => {
  it.each<[string, Partial<EmulatedEcsService>, string, RegExp]>([
    ['that is going', { status: 'DRAINING' }, 'REFUSED', /DRAINING/],
    ['of CodeDeploy', { controller: 'CODE_DEPLOY' }, 'REFUSED', /made by CODE_DEPLOY/],
  ])('one %s', async (_what, state, code, message) => {
    Object.assign(service, state);
    await refusal(code, message);
    expect(emulator.effects()).toBe(0);
  });

  it('one that is not there', async () => {
    const adapted = emulator.options({ service: 'checkout' });
    reload = await openReload(
      plugin,
      { ...adapted, service: 'no-such' },
      {
        references: Object.fromEntries(
          [adapted['accessKeyId'], adapted['secretAccessKey']].map((name) => [
            String(name),
            emulator.resolve(String(name)) ?? '',
          ]),
        ),
      },
    );
    await refusal('NOT_FOUND', /no service no-such in the cluster default \(MISSING\)/);
  });
});

it('is not done while a task of an older deployment runs', () => {
  const primary = {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    rollout: 'COMPLETED',
    reason: 'completed',
    desired: 2,
    running: 2,
    taskDefinition: '',
  };
  const old = { ...primary, id: 'ecs-svc/1', status: 'ACTIVE', desired: 0, running: 1 };
  const earlier = new Set([old.id]);
  expect(progressOf([primary, old], primary.id, earlier)).toMatchObject({ state: 'going' });
  expect(progressOf([primary, { ...old, running: 0 }], primary.id, earlier).state).toBe('done');
  expect(progressOf([{ ...primary, running: 1 }], primary.id, earlier).state).toBe('going');
});

it('is done behind a Classic Load Balancer, where ECS tells no rollout, once it is alone and has all its tasks', () => {
  const primary = {
    id: 'ecs-svc/2',
    status: 'PRIMARY',
    rollout: undefined,
    reason: undefined,
    desired: 2,
    running: 2,
    taskDefinition: '',
  };
  const old = { ...primary, id: 'ecs-svc/1', status: 'ACTIVE', desired: 0, running: 0 };
  const state = (...listed: (typeof primary)[]) => progressOf(listed, primary.id, new Set([old.id])).state;
  expect(state(primary)).toBe('done');
  expect(state(primary, old)).toBe('going');
  expect(state({ ...primary, running: 1 })).toBe('going');
  expect(state(old)).toBe('going');
});

it('takes a deployment that rolls back for the failure of ours, whoever is listed', () => {
  const rollback = {
    id: 'ecs-svc/3',
    status: 'PRIMARY',
    rollout: 'IN_PROGRESS',
    reason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/1.',
    desired: 2,
    running: 0,
    taskDefinition: '',
  };
  expect(progressOf([rollback], 'ecs-svc/2', new Set(['ecs-svc/1']))).toMatchObject({ state: 'failed' });
  const later = { ...rollback, reason: 'in progress' };
  expect(progressOf([later], 'ecs-svc/2', new Set(['ecs-svc/1']))).toMatchObject({ state: 'going' });
});

it('asks for a new deployment and changes nothing else of the service', async () => {
  await reload.run();
  const updates = emulator.server.requests.filter(({ headers }) =>
    String(headers['x-amz-target']).endsWith('UpdateService'),
  );
  expect(updates.map(({ body }) => JSON.parse(body))).toEqual([
    { cluster: 'prod', service: 'checkout', forceNewDeployment: true },
  ]);
});
