import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import {
  type DockerServiceEmulator,
  startDockerServiceEmulator,
} from '../../src/reloads/docker-service/emulator.ts';
import { plugin } from '../../src/reloads/docker-service/index.ts';
import { updateState } from '../../src/reloads/docker-service/update-state.ts';
import { type OpenedReload, openReload } from './open-reload.ts';

let emulator: DockerServiceEmulator;
beforeEach(async () => {
  emulator = await startDockerServiceEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}): Promise<OpenedReload> =>
  openReload(plugin, emulator.options({ services: ['checkout'], interval: '2s', ...options }));

const service = (name = 'checkout') => emulator.engine.swarm.serviceNamed(name);

describe('a forced update', () => {
  it('is waited for until the swarm says completed, and changes nothing but its count', async () => {
    emulator.engine.swarm.looksUntilUp = 3;
    const reload = await open();
    const before = structuredClone(service()?.spec);
    expect(await reload.run()).toEqual({ services: ['checkout: 2 of 2 new tasks run'] });
    expect(reload.clock.sleeps).toEqual([2000, 2000]);
    const task = before?.TaskTemplate;
    expect(service()?.spec).toEqual({ ...before, TaskTemplate: { ...task, ForceUpdate: 1 } });
  });

  it('keeps the credentials that the service pulls its image with', async () => {
    await (await open()).run();
    const update = emulator.engine.server.requests.find(({ method }) => method === 'POST');
    expect(update?.query.get('registryAuthFrom')).toBe('spec');
  });

  it('is not over while a task that crashed waits for its next try', async () => {
    await (await open()).run();
    const look = emulator.engine.server.requests.find(({ path }) => path.endsWith('/tasks'));
    const filters = JSON.parse(look?.query.get('filters') ?? '{}') as Record<string, unknown>;
    expect(filters['desired-state']).toEqual(['running', 'ready']);
  });

  it.each(['paused', 'rollback_completed'] as const)('that ends as %s has failed', async (fate) => {
    emulator.engine.swarm.fate = fate;
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining(fate),
    });
  });

  it('that does not end is given up when the time is over', async () => {
    emulator.engine.swarm.looksUntilUp = 100;
    await expect((await open()).run()).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('not done within 20s: 1 of 2 tasks are new'),
    });
  });

  it('is not begun for any service when one of them is not there', async () => {
    const reload = await open({ services: ['checkout', 'worker'] });
    emulator.engine.swarm.services.delete(service('worker')?.id ?? '');
    await expect(reload.run()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(emulator.effects()).toBe(0);
  });

  it('would run a job once more, and is not begun for one', async () => {
    const reload = await open();
    const job = service();
    if (job !== undefined) job.spec = { ...job.spec, Mode: { ReplicatedJob: {} } };
    await expect(reload.run()).rejects.toMatchObject({ code: 'REFUSED' });
    expect(emulator.effects()).toBe(0);
  });
});

describe('a service is up', () => {
  const spec = { TaskTemplate: { ForceUpdate: 3 }, Mode: { Replicated: { Replicas: 1 } } };
  const task = (count: number, state: string) => ({ Spec: { ForceUpdate: count }, Status: { State: state } });
  const completed = { State: 'completed' };

  it('only when its new tasks run', () => {
    expect(updateState({ update: completed, spec }, [task(3, 'running')], 3).state).toBe('up');
    expect(updateState({ update: completed, spec }, [task(3, 'starting')], 3).state).toBe('updating');
    expect(updateState({ update: completed, spec }, [task(2, 'running')], 3).state).toBe('updating');
    expect(updateState({ update: completed, spec }, [], 3).state).toBe('updating');
  });

  it('when the swarm had nothing to replace, and says nothing', () => {
    const idle = { ...spec, Mode: { Replicated: { Replicas: 0 } } };
    expect(updateState({ update: undefined, spec: idle }, [], 3).state).toBe('up');
    expect(updateState({ update: undefined, spec }, [task(2, 'running')], 3).state).toBe('updating');
  });

  it('not when somebody has put the old spec back', () => {
    expect(updateState({ update: completed, spec }, [task(3, 'running')], 4).state).toBe('failed');
  });
});
