import { beforeEach, describe, expect, test } from 'vitest';
import type { Phase } from '../../src/core/phase.ts';
import { type FakeEngine, fakeEngine, steps } from './support/fake-engine.ts';
import { type FakeWorld, failure, fakeWorld } from './support/fake-world.ts';

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

describe('a rollback that is asked for', () => {
  test('takes back a step whose outcome is not known, without guessing what it gave', async () => {
    const outputs: unknown[] = [];
    const push = world.step('push', {
      compensate: async (prepared, output) => {
        outputs.push([prepared, output]);
      },
    });
    engine.record({ type: 'rotation.started', rotationId: 'r1', key: 'k', plan: null });
    engine.record({ type: 'step.intended', step: 'push', prepared: 'what was there' });
    expect(await engine.rollBack([steps('push', [push])])).toEqual({
      status: 'rolled-back',
      reason: 'asked for',
    });
    expect(outputs).toEqual([['what was there', undefined]]);
  });

  test('goes on where a crash left it', async () => {
    const phases = rotation(world.step('check', { effect: 'none' }));
    const probe = (point: string, step: string): void => {
      if (point === 'after-effect' && step === 'undo:push 2') throw new Error('killed');
    };
    await engine.advance([
      ...phases,
      { kind: 'gate', id: 'g', title: 'g', policy: 'ask', gather: async () => [] },
    ]);
    await expect(engine.rollBack(phases, { probe })).rejects.toThrow('killed');
    // A resume of a rotation on its way back goes back.
    expect(await engine.advance(phases)).toEqual({ status: 'rolled-back', reason: 'asked for' });
    expect(world.effects).toEqual(new Set());
    expect(world.log.filter((line) => line === 'undo push 2')).toHaveLength(2);
  });

  test('is refused past the point of no return, also when it is not known whether that was passed', async () => {
    const phases = [
      ...rotation(world.step('check')),
      steps('kill', [world.step('kill', { effect: 'irreversible' })]),
    ];
    await engine.advance([...phases, steps('prove', [failing('prove')], { onFailure: 'stop' })]);
    await expect(engine.rollBack(phases)).rejects.toMatchObject({
      code: 'REFUSED',
      exitCode: 3,
      message: expect.stringContaining('point of no return: kill'),
      // Of where the new key is by then, the engine knows nothing.
      hint: expect.stringMatching(
        /^That is done, or may have been, and cannot be undone\. .*`keyturn resume`/,
      ),
    });
    expect(world.log.filter((line) => line.startsWith('undo'))).toEqual([]);

    const unknown = fakeEngine();
    unknown.record({ type: 'rotation.started', rotationId: 'r1', key: 'k', plan: null });
    unknown.record({ type: 'step.intended', step: 'kill', prepared: null });
    await expect(unknown.rollBack(phases)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  test('is possible when the irreversible step was refused, and so has not happened', async () => {
    const kill = world.step('kill', {
      effect: 'irreversible',
      run: () => Promise.reject(failure('PERMISSION_DENIED')),
    });
    const phases = [steps('push', [world.step('push')]), steps('kill', [kill], { onFailure: 'stop' })];
    expect(await engine.advance(phases)).toMatchObject({ status: 'stopped' });
    expect(await engine.rollBack(phases)).toMatchObject({ status: 'rolled-back' });
    expect(world.effects).toEqual(new Set());
  });

  test('of a rotation that has ended does nothing', async () => {
    const phases = rotation(world.step('check'));
    await engine.advance(phases);
    const before = engine.entries.length;
    expect(await engine.rollBack(phases)).toEqual({ status: 'done' });
    expect(await engine.advance(phases)).toEqual({ status: 'done' });
    expect(engine.entries).toHaveLength(before);
  });

  test('stops softly between two undos, and a resume goes on', async () => {
    const stop = new AbortController();
    const phases = rotation(world.step('check', { effect: 'none' }));
    const push2 = world.step('push 2', {
      compensate: async () => {
        world.log.push('undo push 2');
        world.effects.delete('push 2');
        stop.abort();
      },
    });
    const withStop = [phases[0], steps('push', [world.step('push 1'), push2]), phases[2]].flatMap(
      (p) => p ?? [],
    );
    await engine.advance([
      ...withStop,
      { kind: 'gate', id: 'g', title: 'g', policy: 'ask', gather: async () => [] },
    ]);
    expect(await engine.rollBack(withStop, { soft: stop.signal })).toEqual({ status: 'interrupted' });
    expect(world.effects).toEqual(new Set(['key', 'push 1']));
    expect(await engine.advance(withStop)).toMatchObject({ status: 'rolled-back' });
    expect(world.effects).toEqual(new Set());
  });
});
