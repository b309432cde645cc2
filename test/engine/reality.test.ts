import { describe, expect, test } from 'vitest';
import { fakeEngine, steps } from './support/fake-engine.ts';
import { failure, fakeWorld } from './support/fake-world.ts';

/** A journal that ends with an intent: the process died around the effect. */
function afterIntent() {
  const engine = fakeEngine();
  engine.record({ type: 'rotation.started', rotationId: 'r1', key: 'k', plan: null });
  engine.record({ type: 'step.intended', step: 'a', prepared: null });
  return { engine, world: fakeWorld() };
}

describe('what became of an intent', () => {
  test('of a step without an effect need not be asked: it runs', async () => {
    const { engine, world } = afterIntent();
    const look = world.step('a', { effect: 'none' });
    expect(await engine.advance([steps('p', [look])])).toEqual({ status: 'done' });
    expect(world.log).toContain('run a');
    expect(world.log).not.toContain('reconcile a');
  });

  test('is not guessed when the orphan that it left cannot be removed', async () => {
    const { engine, world } = afterIntent();
    const { discard: _none, ...made } = world.step('a', {
      reconcile: async () => ({ state: 'orphaned', output: 'the orphan' }),
    });
    const end = await engine.advance([steps('p', [made])]);
    expect(end).toMatchObject({ status: 'stuck' });
    expect(engine.entries.at(-1)).toMatchObject({
      type: 'step.stuck',
      error: { code: 'INDETERMINATE', message: expect.stringContaining('the orphan cannot be removed') },
    });
    expect(world.log).not.toContain('run a');
  });

  test('is asked again by the next process when this one was told to stop', async () => {
    const { engine, world } = afterIntent();
    const stopped = world.step('a', { reconcile: () => Promise.reject(failure('ABORTED')) });
    expect(await engine.advance([steps('p', [stopped])])).toEqual({ status: 'interrupted' });
    expect(engine.said('step.stuck')).toEqual([]);
    expect(await engine.advance([steps('p', [world.step('a')])])).toEqual({ status: 'done' });
  });

  test('is no answer when the look hits a defect: the run stops and journals nothing', async () => {
    const { engine, world } = afterIntent();
    const broken = world.step('a', { reconcile: () => Promise.reject(new TypeError('a defect')) });
    const before = engine.said();
    await expect(engine.advance([steps('p', [broken])])).rejects.toThrow('a defect');
    expect(engine.said()).toEqual(before);
  });
});
