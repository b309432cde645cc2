import { beforeEach, describe, expect, test } from 'vitest';
import type { EvidenceItem, GatePhase, Phase } from '../../src/core/phase.ts';
import type { Step } from '../../src/core/step.ts';
import { type FakeEngine, fakeEngine, steps } from './support/fake-engine.ts';
import { type FakeWorld, failingFirst, failure, fakeWorld } from './support/fake-world.ts';

let engine: FakeEngine;
let world: FakeWorld;
beforeEach(() => {
  engine = fakeEngine();
  world = fakeWorld();
});

const PASS: EvidenceItem = { verdict: 'pass', text: 'it works' };
const GATE: GatePhase = {
  kind: 'gate',
  id: 'gate',
  title: 'Gate',
  policy: 'ask',
  gather: async () => [PASS],
};
const approve = (): void =>
  engine.record({ type: 'gate.approved', phase: 'gate', by: 'ann', despiteEvidence: false });

describe('a failure behind the gate', () => {
  const watch = (times: number) =>
    world.step('check', {
      effect: 'none',
      run: failingFirst(
        times,
        () => failure('CHECK_FAILED'),
        async () => null,
      ),
    });
  const phases = (off: Partial<Step>, check: ReturnType<typeof watch>): Phase[] => [
    steps('push', [world.step('push')]),
    GATE,
    steps('off', [world.step('off', off)], { onFailure: 'back-to-gate' }),
    { kind: 'wait', id: 'wait', title: 'Watch', ms: 1000 },
    steps('watch', [check], { onFailure: 'back-to-gate' }),
  ];

  async function toTheCheck(all: readonly Phase[]) {
    await engine.advance(all);
    approve();
    await engine.advance(all);
    engine.clock.advance(1000);
    return engine.advance(all);
  }

  test('takes back what is behind it and nothing before it, and asks again', async () => {
    const all = phases({}, watch(1));
    expect(await toTheCheck(all)).toMatchObject({
      status: 'back-at-gate',
      step: 'check',
      error: { code: 'CHECK_FAILED' },
    });
    expect(world.log).toEqual(['run push', 'run off', 'undo off']);
    expect(await engine.advance(all)).toMatchObject({ status: 'at-gate' });

    // All behind the gate begins anew, the wait too.
    approve();
    expect(await engine.advance(all)).toMatchObject({ status: 'waiting' });
    engine.clock.advance(1000);
    expect(await engine.advance(all)).toEqual({ status: 'done' });
    expect(world.effects).toEqual(new Set(['push', 'off']));
  });

  test('stops with instructions when what it did cannot be taken back', async () => {
    const stubborn = { compensate: () => Promise.reject(failure('PERMISSION_DENIED')) };
    expect(await toTheCheck(phases(stubborn, watch(1)))).toMatchObject({
      status: 'stopped',
      step: 'off',
      error: { code: 'PERMISSION_DENIED' },
    });
    expect(engine.said('gate.returned')).toEqual([]);
  });

  test('past the point of no return stops, unless what failed is the very proof that it had no effect', async () => {
    const off: Partial<Step> = { effect: 'irreversible' };
    const down = world.step('check', { effect: 'none', run: () => Promise.reject(failure('UNAVAILABLE')) });
    expect(await toTheCheck(phases(off, down))).toMatchObject({ status: 'stopped', step: 'check' });

    engine = fakeEngine();
    expect(await toTheCheck(phases(off, watch(1)))).toMatchObject({ status: 'back-at-gate' });
  });

  test('together with a request to stop is not forgotten: the next process takes it back', async () => {
    const stop = new AbortController();
    const all = phases(
      {},
      world.step('check', {
        effect: 'none',
        run: async () => {
          stop.abort();
          throw failure('CHECK_FAILED');
        },
      }),
    );
    await engine.advance(all);
    approve();
    await engine.advance(all);
    engine.clock.advance(1000);
    expect(await engine.advance(all, { soft: stop.signal })).toEqual({ status: 'interrupted' });
    expect(engine.said('gate.returned')).toEqual([]);

    expect(await engine.advance(all)).toMatchObject({ status: 'back-at-gate' });
    expect(world.effects).toEqual(new Set(['push']));
  });
});

test('a return to the gate that was cut short does not do again, unasked, what it has taken back', async () => {
  const check = world.step('check', { effect: 'none', run: () => Promise.reject(failure('CHECK_FAILED')) });
  const all: Phase[] = [
    GATE,
    steps('off', [world.step('off')], { onFailure: 'back-to-gate' }),
    steps('watch', [check], { onFailure: 'back-to-gate' }),
  ];
  await engine.advance(all);
  approve();
  const probe = (point: string, step: string): void => {
    if (point === 'after-outcome' && step === 'undo:off') throw new Error('killed');
  };
  await expect(engine.advance(all, { probe })).rejects.toThrow('killed');
  expect(await engine.advance(all)).toMatchObject({ status: 'back-at-gate', step: 'check' });
  expect(world.log).toEqual(['run off', 'undo off']);
});

test('a gate that was opened by its evidence alone and come back to does not open by itself again', async () => {
  const check = world.step('check', {
    effect: 'none',
    run: failingFirst(
      1,
      () => failure('CHECK_FAILED'),
      async () => null,
    ),
  });
  const all: Phase[] = [
    { ...GATE, policy: 'evidence' },
    steps('off', [world.step('off')], { onFailure: 'back-to-gate' }),
    steps('watch', [check], { onFailure: 'back-to-gate' }),
  ];
  expect(await engine.advance(all)).toMatchObject({ status: 'back-at-gate', step: 'check' });

  // Its evidence was as good before: that is no reason to take the service down once more.
  expect(await engine.advance(all)).toMatchObject({ status: 'at-gate', evidence: [PASS] });
  expect(world.log).toEqual(['run off', 'undo off']);

  approve();
  expect(await engine.advance(all)).toEqual({ status: 'done' });
});
