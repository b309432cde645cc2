import { beforeEach, describe, expect, test } from 'vitest';
import type { Phase } from '../../src/core/phase.ts';
import type { Step } from '../../src/core/step.ts';
import { type FakeEngine, fakeEngine, steps } from './support/fake-engine.ts';
import { type FakeWorld, failingFirst, failure, fakeWorld } from './support/fake-world.ts';

let engine: FakeEngine;
let world: FakeWorld;
beforeEach(() => {
  engine = fakeEngine();
  world = fakeWorld();
});

const killed = (): Error => new Error('killed');

describe('an orphan whose removal lost its answer', () => {
  test('does not lend its name to the next attempt: an idempotent API would answer with the dead key', async () => {
    const names: unknown[] = [];
    let found: 'orphaned' | 'absent' = 'orphaned';
    const create = world.step('create', {
      prepare: async () => `attempt ${world.log.push('prepare create')}`,
      run: failingFirst(
        1,
        () => failure('INDETERMINATE'),
        async () => 'the key',
      ),
      reconcile: async () => (found === 'absent' ? { state: found } : { state: found, output: 'the orphan' }),
      discard: async () => {
        found = 'absent';
        throw failure('INDETERMINATE');
      },
    });
    const noting: Step['run'] = (name, ctx) => {
      names.push(name);
      return create.run(name, ctx);
    };
    const phases = [steps('p', [{ ...create, run: noting }])];

    expect(await engine.advance(phases)).toMatchObject({ status: 'stuck', step: 'create' });
    expect(await engine.advance(phases)).toEqual({ status: 'done' });

    expect(names).toEqual(['attempt 1', 'attempt 2']);
  });
});

describe('a return to the gate', () => {
  const phases = (off: Partial<Step>): Phase[] => [
    { kind: 'gate', id: 'gate', title: 'Gate', policy: 'ask', gather: async () => [] },
    steps('off', [world.step('off', off)], { onFailure: 'back-to-gate' }),
    steps('prove', [world.step('prove', { effect: 'none', run: proof })], { onFailure: 'back-to-gate' }),
  ];
  let proof: Step['run'];
  beforeEach(async () => {
    proof = failingFirst(
      1,
      () => failure('CHECK_FAILED'),
      async () => 'dead',
    );
    await engine.advance(phases({}));
    engine.record({ type: 'gate.approved', phase: 'gate', by: 'ann', despiteEvidence: false });
  });
  const offs = (): number => world.log.filter((entry) => entry === 'run off').length;

  test('that was killed before it took anything back is carried on, not begun over', async () => {
    const { compensate } = world.step('off');
    const undo = failingFirst(1, killed, async () => 'undone');
    const list = phases({
      compensate: async (...given) => {
        await undo();
        await compensate?.(...given);
      },
    });
    await expect(engine.advance(list)).rejects.toThrow('killed');

    expect(await engine.advance(list)).toMatchObject({ status: 'back-at-gate', step: 'prove' });

    expect(world.effects.has('off')).toBe(false);
    expect(offs()).toBe(1);
  });

  test('that could not take it back is tried again by a resume', async () => {
    const list = phases({
      compensate: failingFirst(
        1,
        () => failure('PERMISSION_DENIED'),
        async () => {},
      ),
    });
    expect(await engine.advance(list)).toMatchObject({ status: 'stopped', step: 'off' });

    expect(await engine.advance(list)).toMatchObject({ status: 'back-at-gate', step: 'prove' });
    expect(await engine.advance(list)).toMatchObject({ status: 'at-gate' });

    expect(offs()).toBe(1);
  });

  test('that begins with the step that failed itself is carried on too: it is not run again unasked', async () => {
    const run = failingFirst(
      9,
      () => failure('PERMISSION_DENIED'),
      async () => {
        world.log.push('run off');
        return null;
      },
    );
    const compensate = failingFirst(
      1,
      () => failure('PERMISSION_DENIED', 'nor may it be switched on'),
      async () => {},
    );
    const list = phases({ run, compensate });
    expect(await engine.advance(list)).toMatchObject({ status: 'stopped', step: 'off' });
    const failedOnce = engine.said('step.failed').length;

    expect(await engine.advance(list)).toMatchObject({
      status: 'back-at-gate',
      step: 'off',
      error: { message: expect.not.stringContaining('nor may it be') },
    });
    expect(await engine.advance(list)).toMatchObject({ status: 'at-gate' });

    expect(engine.said('step.failed')).toHaveLength(failedOnce);
  });
});
