import { beforeEach, describe, expect, test } from 'vitest';
import type { Phase } from '../../src/core/phase.ts';
import { type FakeEngine, fakeEngine, steps } from './support/fake-engine.ts';
import { type FakeWorld, failingFirst, failure, fakeWorld } from './support/fake-world.ts';

let engine: FakeEngine;
let world: FakeWorld;
beforeEach(() => {
  engine = fakeEngine();
  world = fakeWorld();
});

const failing = (id: string, code: Parameters<typeof failure>[0] = 'CHECK_FAILED') =>
  world.step(id, { effect: 'none', run: () => Promise.reject(failure(code)) });

/** The new key, behind a barrier; two pushes; a check. */
function rotation(check: ReturnType<FakeWorld['step']>, pushes = ['push 1', 'push 2']): Phase[] {
  return [
    steps('key', [world.step('key')], { barrier: true }),
    steps(
      'push',
      pushes.map((id) => world.step(id)),
    ),
    steps('check', [check]),
  ];
}

describe('a failed step', () => {
  test('takes everything back in reverse, and says why', async () => {
    const at = await engine.advance(rotation(failing('check')));
    expect(at).toMatchObject({ status: 'rolled-back', reason: expect.stringContaining('made to fail') });
    expect(world.log).toEqual([
      'run key',
      'run push 1',
      'run push 2',
      'undo push 2',
      'undo push 1',
      'undo key',
    ]);
    expect(engine.said().slice(-2)).toEqual(['step.compensated key', 'rotation.ended']);
    expect(engine.finished).toEqual(['rolled-back']);
  });

  test('whose undo is asked to stop is no failed undo: it is taken up again', async () => {
    const stop = new AbortController();
    let asked = 0;
    const push = world.step('push', {
      compensate: async (_prepared, _output, ctx) => {
        asked += 1;
        if (asked > 1) return;
        stop.abort();
        expect(ctx.signal.aborted).toBe(true);
        throw failure('ABORTED');
      },
    });
    const phases = [steps('push', [push]), steps('check', [failing('check')])];
    const over = { soft: stop.signal, hard: stop.signal };
    expect(await engine.advance(phases, over)).toEqual({ status: 'interrupted' });
    expect(engine.said('step.not-compensated')).toEqual([]);
    expect(await engine.advance(phases)).toMatchObject({ status: 'rolled-back' });
    expect(asked).toBe(2);
  });

  test('is taken back itself when it had an intent: it may have had an effect', async () => {
    const push = world.step('push', {
      run: async () => {
        world.effects.add('push');
        throw failure('TIMEOUT');
      },
    });
    await engine.advance([steps('push', [push])]);
    expect(world.effects).toEqual(new Set());
    expect(world.log).toEqual(['undo push']);
  });

  test('that failed while it only looked is not taken back: it was never intended', async () => {
    const push = world.step('push', { prepare: () => Promise.reject(failure('DRIFT')) });
    expect(await engine.advance([steps('key', [world.step('key')]), steps('push', [push])])).toMatchObject({
      status: 'rolled-back',
    });
    expect(world.log).toEqual(['run key', 'undo key']);
  });

  test('waits for every push in flight to settle, so that none lands after its undo', async () => {
    let land = (): void => {};
    const slow = world.step('slow', {
      run: async () => {
        await new Promise<void>((resolve) => {
          land = resolve;
        });
        world.log.push('slow landed');
        world.effects.add('slow');
        return null;
      },
    });
    const quick = world.step('quick', {
      run: async () => {
        setImmediate(() => land());
        throw failure('PERMISSION_DENIED');
      },
    });
    await engine.advance([steps('push', [slow, quick], { concurrency: 2 })]);
    expect(world.log.indexOf('undo slow')).toBeGreaterThan(world.log.indexOf('slow landed'));
    expect(world.effects).toEqual(new Set());
  });

  test('lets nothing new begin beside it', async () => {
    await engine.advance([steps('push', [failing('first'), world.step('second'), world.step('third')])]);
    expect(world.log).toEqual([]);
  });

  test('does not begin a rollback over a step that may still be unclear', async () => {
    const unclear = world.step('unclear', {
      run: () => Promise.reject(failure('INDETERMINATE')),
      reconcile: async () => ({ state: 'unknown', reason: 'no telling' }),
    });
    const at = await engine.advance([steps('push', [unclear, failing('failed')], { concurrency: 2 })]);
    expect(at).toMatchObject({ status: 'stuck', step: 'unclear' });
    expect(engine.said('rollback.begun')).toEqual([]);
  });

  test('of a phase that is to stop there leaves everything as it is', async () => {
    const phases = [
      steps('push', [world.step('push')]),
      steps('check', [failing('check')], { onFailure: 'stop' }),
    ];
    expect(await engine.advance(phases)).toMatchObject({ status: 'stopped', step: 'check' });
    expect(world.log).toEqual(['run push']);
  });
});

describe('an undo that fails', () => {
  const stubborn = (times: number) =>
    world.step('push 1', {
      compensate: failingFirst(
        times,
        () => failure('DRIFT', 'somebody else wrote to it'),
        async () => {
          world.log.push('undo push 1');
        },
      ),
    });

  test('leaves the new key alive, tells which step it was, and takes back the others', async () => {
    const phases = [
      steps('key', [world.step('key')], { barrier: true }),
      steps('push', [stubborn(1), world.step('push 2')]),
      steps('check', [failing('check')]),
    ];
    expect(await engine.advance(phases)).toMatchObject({
      status: 'rollback-incomplete',
      steps: ['push 1'],
    });
    expect(world.effects).toEqual(new Set(['key', 'push 1']));
    expect(engine.finished).toEqual([]);
    expect(engine.said('step.not-compensated')).toEqual(['step.not-compensated push 1']);

    // Once a person has repaired it, the rest is taken back too; what is back already is not touched again.
    expect(await engine.advance(phases)).toMatchObject({ status: 'rolled-back' });
    expect(world.log.filter((line) => line.startsWith('undo'))).toEqual([
      'undo push 2',
      'undo push 1',
      'undo key',
    ]);
  });

  test('because of a defect stops the engine, and undoes nothing more', async () => {
    const broken = world.step('push 2', { compensate: () => Promise.reject(new TypeError('a defect')) });
    const phases = [
      steps('key', [world.step('key')], { barrier: true }),
      steps('push', [world.step('push 1'), broken]),
      steps('check', [failing('check')]),
    ];
    await expect(engine.advance(phases)).rejects.toThrow('a defect');
    expect(world.effects).toEqual(new Set(['key', 'push 1', 'push 2']));
  });
});

describe('an error of the engine itself', () => {
  test('in a step undoes nothing, and a resume looks at what became of it', async () => {
    const defect = world.step('push 2', {
      run: async () => {
        world.effects.add('push 2');
        throw new TypeError('a defect');
      },
    });
    const key = world.step('key');
    await expect(engine.advance([steps('p', [key, defect])])).rejects.toThrow('a defect');
    expect(world.effects).toEqual(new Set(['key', 'push 2']));
    expect(engine.said('rollback.begun')).toEqual([]);

    expect(await engine.advance([steps('p', [key, world.step('push 2')])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['run key', 'look push 2']);
  });

  test('is thrown only when all that is in flight has settled: its outcomes are still journalled', async () => {
    const slow = world.step('slow', {
      run: async () => {
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        world.log.push('slow landed');
        return null;
      },
    });
    const defect = world.step('defect', { run: () => Promise.reject(new TypeError('a defect')) });
    const phases = [steps('p', [slow, defect], { concurrency: 2 })];
    await expect(engine.advance(phases)).rejects.toThrow('a defect');
    expect(world.log).toEqual(['slow landed']);
    expect(engine.said('step.done')).toEqual(['step.done slow']);
  });

  test('of the journal undoes nothing, whatever code it carries', async () => {
    const onAppend = (event: { type: string }): void => {
      if (event.type === 'step.failed') throw failure('UNAVAILABLE', 'ENOSPC');
    };
    await expect(engine.advance(rotation(failing('check')), { onAppend })).rejects.toThrow('ENOSPC');
    expect(world.log.filter((line) => line.startsWith('undo'))).toEqual([]);
  });

  test('of the lock, seen before an undo, undoes nothing: the process has been fenced off', async () => {
    const assertHeld = () => Promise.reject(failure('LOCKED', 'another process has taken over'));
    await expect(engine.advance(rotation(failing('check')), { assertHeld })).rejects.toMatchObject({
      code: 'LOCKED',
    });
    expect(world.log).toEqual(['run key', 'run push 1', 'run push 2']);
    expect(engine.said('step.compensating')).toEqual([]);
  });

  test('of the lock, seen before an irreversible step, keeps it from being run', async () => {
    const assertHeld = () => Promise.reject(failure('LOCKED'));
    const phases = [steps('kill', [world.step('kill', { effect: 'irreversible' })])];
    await expect(engine.advance(phases, { assertHeld })).rejects.toMatchObject({ code: 'LOCKED' });
    expect(world.log).toEqual([]);
  });
});
