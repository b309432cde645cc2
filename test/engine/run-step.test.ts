import { beforeEach, describe, expect, test } from 'vitest';
import { AwaitSignal } from '../../src/core/await-signal.ts';
import type { Reconciliation, Step } from '../../src/core/step.ts';
import { type FakeEngine, fakeEngine, steps } from './support/fake-engine.ts';
import { type FakeWorld, failingFirst, failure, fakeWorld } from './support/fake-world.ts';

let engine: FakeEngine;
let world: FakeWorld;
beforeEach(() => {
  engine = fakeEngine();
  world = fakeWorld();
});

const lost = () => failure('INDETERMINATE');

/** A journal that ends with an intent: the process died around the effect. */
function diedAfterIntent(step: string, prepared: string | null = null): void {
  engine.record({ type: 'rotation.started', rotationId: 'r1', key: 'k', plan: null });
  engine.record({ type: 'step.intended', step, prepared });
}

describe('a step', () => {
  test('is journalled before its effect, with what it saw, and after it, with what came of it', async () => {
    const seen: string[] = [];
    const a = world.step('a', {
      prepare: async () => 'seen before',
      run: async (prepared) => {
        seen.push(...engine.said());
        return { prepared };
      },
    });
    expect(await engine.advance([steps('p', [a])])).toEqual({ status: 'done' });
    expect(seen).toEqual(['rotation.started', 'step.intended a']);
    expect(engine.entries.at(-2)).toMatchObject({ type: 'step.done', output: { prepared: 'seen before' } });
  });

  test('with an outcome is never run again', async () => {
    const phases = [
      steps('p', [world.step('a'), world.step('b', { run: () => Promise.reject(new Error('x')) })]),
    ];
    await expect(engine.advance(phases)).rejects.toThrow('x');
    await engine.advance([steps('p', [world.step('a'), world.step('b')])]);
    expect(world.log.filter((line) => line === 'run a')).toHaveLength(1);
  });

  test('without an effect tells that it begins, and journals its outcome alone', async () => {
    const seen: unknown[] = [];
    const look = world.step('look', {
      effect: 'none',
      run: async () => {
        seen.push(engine.told.at(-1));
        return null;
      },
    });
    await engine.advance([steps('p', [look])]);
    expect(seen).toEqual([{ type: 'step.begun', step: 'look' }]);
    expect(engine.said()).toEqual(['rotation.started', 'step.done look', 'rotation.ended']);
  });

  test('is not run when its intent cannot be journalled', async () => {
    const full = failure('UNAVAILABLE', 'ENOSPC');
    const onAppend = (event: { type: string }): void => {
      if (event.type === 'step.intended') throw full;
    };
    await expect(engine.advance([steps('p', [world.step('a')])], { onAppend })).rejects.toBe(full);
    expect(world.log).toEqual([]);
    expect(engine.said()).toEqual(['rotation.started']);
  });

  test('whose outcome cannot be journalled lets no later phase begin, and undoes nothing', async () => {
    const onAppend = (event: { type: string }): void => {
      if (event.type === 'step.done') throw failure('UNAVAILABLE', 'ENOSPC');
    };
    const phases = [steps('p', [world.step('a')]), steps('q', [world.step('b')])];
    await expect(engine.advance(phases, { onAppend })).rejects.toThrow('ENOSPC');
    expect(world.log).toEqual(['run a']);
  });

  test('whose error quotes a live value is journalled without it', async () => {
    const a = world.step('a', { run: () => Promise.reject(failure('TIMEOUT', 'the token hunter2 is odd')) });
    await engine.advance([steps('p', [a], { onFailure: 'stop' })]);
    expect(JSON.stringify(engine.entries)).not.toContain('hunter2');
    expect(JSON.stringify(engine.entries)).toContain('the token *** is odd');
  });

  test('without an effect needs no intent, and is simply run again after a crash', async () => {
    const a = world.step('a', { effect: 'none' });
    await engine.advance([steps('p', [a])]);
    expect(engine.said('step.intended')).toEqual([]);
    expect(world.log).toEqual(['run a']);
  });
});

describe('an intent without an outcome', () => {
  test('that turns out applied is done, and not run again', async () => {
    diedAfterIntent('a');
    world.effects.add('a');
    expect(await engine.advance([steps('p', [world.step('a')])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['look a']);
  });

  test('that turns out absent is run with what was seen before the crash', async () => {
    diedAfterIntent('a', 'seen before the crash');
    const runs: unknown[] = [];
    const a = world.step('a', {
      prepare: () => Promise.reject(new Error('it must not look anew')),
      run: async (prepared) => {
        runs.push(prepared);
        return null;
      },
    });
    expect(await engine.advance([steps('p', [a])])).toEqual({ status: 'done' });
    expect(runs).toEqual(['seen before the crash']);
  });

  test('that cannot be told is stuck: nothing is run, nothing is undone, and a resume looks again', async () => {
    diedAfterIntent('a');
    let answer: Reconciliation<null> = { state: 'unknown', reason: 'two keys are new' };
    const a = world.step('a', { reconcile: async () => answer });
    const before = world.step('before');
    engine.record({ type: 'step.done', step: 'before', output: null });

    const at = await engine.advance([steps('p', [before, a])]);
    expect(at).toMatchObject({
      status: 'stuck',
      step: 'a',
      error: { code: 'INDETERMINATE', message: expect.stringContaining('two keys are new') },
    });
    expect(world.log).toEqual([]);

    answer = { state: 'absent' };
    expect(await engine.advance([steps('p', [before, a])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['run a']);
  });

  test('of a step that cannot be looked up is stuck', async () => {
    diedAfterIntent('a');
    const { reconcile: _without, ...blind } = world.step('a');
    expect(await engine.advance([steps('p', [blind])])).toMatchObject({ status: 'stuck', step: 'a' });
    expect(world.log).toEqual([]);
  });

  test('is stuck also while the system that could tell is down', async () => {
    diedAfterIntent('a');
    const a = world.step('a', { reconcile: () => Promise.reject(failure('UNAVAILABLE')) });
    expect(await engine.advance([steps('p', [a])])).toMatchObject({
      status: 'stuck',
      error: { code: 'UNAVAILABLE' },
    });
    expect(world.log).toEqual([]);
  });
});

describe('an orphan', () => {
  const orphanUntilDiscarded = (over: Partial<Step> = {}): Step =>
    world.step('a', {
      reconcile: async () =>
        world.effects.has('a') ? { state: 'orphaned', output: 'the orphan' } : { state: 'absent' },
      discard: async (orphan) => {
        world.log.push(`discard ${JSON.stringify(orphan)}`);
        world.effects.delete('a');
      },
      ...over,
    });

  test('is journalled, discarded, and the step begun anew: prepared again, run once', async () => {
    diedAfterIntent('a', 'attempt 0');
    world.effects.add('a');
    const a = orphanUntilDiscarded({ prepare: async () => 'a fresh look' });
    expect(await engine.advance([steps('p', [a])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['discard "the orphan"', 'run a']);
    expect(engine.entries.filter(({ type }) => type.startsWith('step.'))).toMatchObject([
      { type: 'step.intended', prepared: 'attempt 0' },
      { type: 'step.orphaned', output: 'the orphan' },
      { type: 'step.intended', prepared: 'a fresh look' },
      { type: 'step.done' },
    ]);
  });

  test('discarded right before a crash still means a fresh look: the name of the dead one is not used again', async () => {
    diedAfterIntent('a', 'attempt 0');
    engine.record({ type: 'step.orphaned', step: 'a', output: 'the orphan' });
    const runs: unknown[] = [];
    const a = orphanUntilDiscarded({
      prepare: async () => 'a fresh look',
      run: async (prepared) => {
        runs.push(prepared);
        return null;
      },
    });
    expect(await engine.advance([steps('p', [a])])).toEqual({ status: 'done' });
    expect(runs).toEqual(['a fresh look']);
  });

  test('that cannot be removed is stuck, and no second one is made', async () => {
    diedAfterIntent('a');
    world.effects.add('a');
    const a = orphanUntilDiscarded({ discard: () => Promise.reject(failure('PERMISSION_DENIED')) });
    expect(await engine.advance([steps('p', [a])])).toMatchObject({ status: 'stuck', step: 'a' });
    expect(world.log).toEqual([]);
  });

  test('is left alone by a process that has been fenced off', async () => {
    diedAfterIntent('a');
    world.effects.add('a');
    const assertHeld = () => Promise.reject(failure('LOCKED'));
    await expect(
      engine.advance([steps('p', [orphanUntilDiscarded()])], { assertHeld }),
    ).rejects.toMatchObject({ code: 'LOCKED' });
    expect(world.effects).toContain('a');
  });
});

describe('an answer that was lost', () => {
  test('is looked up before anything else; an effect that is there is not repeated', async () => {
    const a = world.step('a', {
      run: async () => {
        world.log.push('run a');
        world.effects.add('a');
        throw lost();
      },
    });
    expect(await engine.advance([steps('p', [a])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['run a', 'look a']);
  });

  test('whose effect is absent is tried again, a few times, and is stuck after that', async () => {
    const a = world.step('a', {
      run: async () => {
        world.log.push('run a');
        throw lost();
      },
    });
    expect(await engine.advance([steps('p', [a])])).toMatchObject({ status: 'stuck', step: 'a' });
    expect(world.log).toEqual(['run a', 'look a', 'run a', 'look a', 'run a']);
    expect(engine.said('rollback.begun')).toEqual([]);
  });
});

describe('a conflict', () => {
  test('means looking again and trying again', async () => {
    const a = world.step('a', {
      prepare: async () => {
        world.log.push('prepare');
        return null;
      },
      run: failingFirst(
        2,
        () => failure('CONFLICT'),
        async () => {
          world.log.push('run a');
          return null;
        },
      ),
    });
    expect(await engine.advance([steps('p', [a])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['prepare', 'prepare', 'prepare', 'run a']);
  });

  test('that does not end fails the step', async () => {
    const a = world.step('a', { run: () => Promise.reject(failure('CONFLICT')) });
    expect(await engine.advance([steps('p', [a])])).toMatchObject({ status: 'rolled-back' });
    expect(engine.said('step.failed')).toEqual(['step.failed a']);
  });
});

describe('a conflict after an answer that was lost', () => {
  const conflicting = () => {
    let tries = 0;
    return world.step('a', {
      prepare: async () => {
        world.log.push('prepare');
        return null;
      },
      run: async () => {
        tries += 1;
        world.log.push('run a');
        if (tries === 2) throw failure('CONFLICT', 'there is one already');
        if (tries > 1) return null;
        throw lost();
      },
    });
  };

  test('may be with our own effect, which is seen late: it is looked for again and not made twice', async () => {
    let looks = 0;
    const late: Step = {
      ...conflicting(),
      reconcile: async () => {
        looks += 1;
        return looks === 1 ? { state: 'absent' } : { state: 'applied', output: 'ours' };
      },
    };
    expect(await engine.advance([steps('p', [late])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['prepare', 'run a', 'run a']);
    expect(engine.entries.at(-2)).toMatchObject({ type: 'step.done', output: 'ours' });
  });

  test('where nothing of ours is there is with somebody else: prepared anew', async () => {
    expect(await engine.advance([steps('p', [conflicting()])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['prepare', 'run a', 'look a', 'run a', 'look a', 'prepare', 'run a']);
  });
});

describe('a step that needs a person', () => {
  const waiting = () =>
    new AwaitSignal('the key hunter2 is made in a web page', {
      instructions: ['Open the page.'],
      next: 'keyturn resume ROTATION --new-key-stdin',
    });

  test('pauses the rotation, and goes on when the person has done it', async () => {
    const run = failingFirst(1, waiting, async () => {
      world.log.push('run a');
      return null;
    });
    const phases = [steps('p', [world.step('a', { run })])];
    expect(await engine.advance(phases)).toEqual({ status: 'needs-operator', step: 'a' });
    expect(engine.entries.at(-1)).toMatchObject({
      type: 'step.deferred',
      instructions: ['Open the page.'],
      reason: expect.not.stringContaining('hunter2'),
    });
    expect(await engine.advance(phases)).toEqual({ status: 'done' });
    // A deferred step has had no effect: there is nothing to look up.
    expect(world.log).toEqual(['run a']);
  });

  test('has nothing to take back', async () => {
    const phases = [steps('p', [world.step('a', { run: () => Promise.reject(waiting()) })])];
    await engine.advance(phases);
    expect(await engine.rollBack(phases)).toMatchObject({ status: 'rolled-back' });
    expect(world.log).toEqual([]);
  });

  test('does not keep a failure beside it from being dealt with', async () => {
    const a = world.step('a', { run: () => Promise.reject(waiting()) });
    const b = world.step('b', { run: () => Promise.reject(failure('TIMEOUT')) });
    expect(await engine.advance([steps('p', [a, b], { concurrency: 2 })])).toMatchObject({
      status: 'rolled-back',
    });
  });
});
