import { beforeEach, describe, expect, test } from 'vitest';
import type { EvidenceItem, GatePhase, Phase, WaitPhase } from '../../src/core/phase.ts';
import { type FakeEngine, fakeEngine, steps } from './support/fake-engine.ts';
import { type FakeWorld, failingFirst, failure, fakeWorld } from './support/fake-world.ts';

let engine: FakeEngine;
let world: FakeWorld;
beforeEach(() => {
  engine = fakeEngine();
  world = fakeWorld();
});

const PASS: EvidenceItem = { verdict: 'pass', text: 'it works' };
const FAIL: EvidenceItem = { verdict: 'fail', text: 'the old key is in use' };
const UNSURE: EvidenceItem = { verdict: 'inconclusive', text: 'nobody knows' };

function gate(policy: GatePhase['policy'], gather: () => EvidenceItem[]): GatePhase {
  return { kind: 'gate', id: 'gate', title: 'Gate', policy, gather: async () => gather() };
}
const approve = (despiteEvidence = false): void =>
  engine.record({ type: 'gate.approved', phase: 'gate', by: 'ann', despiteEvidence });

describe('a wait', () => {
  const MINUTE = 60_000;
  const soak: WaitPhase = { kind: 'wait', id: 'soak', title: 'Soak', ms: 10 * MINUTE };
  const phases = (): Phase[] => [soak, steps('p', [world.step('after')])];

  test('outlives the process, and is not begun again by looking', async () => {
    const until = engine.clock.now() + soak.ms;
    expect(await engine.advance(phases())).toEqual({ status: 'waiting', phase: 'soak', until });
    engine.clock.advance(9 * MINUTE);
    expect(await engine.advance(phases())).toEqual({ status: 'waiting', phase: 'soak', until });
    expect(world.log).toEqual([]);
    engine.clock.advance(MINUTE);
    expect(await engine.advance(phases())).toEqual({ status: 'done' });
  });

  test('counts anew from here when the clock was set back, instead of lasting a year', async () => {
    await engine.advance(phases());
    engine.clock.set(engine.clock.now() - 365 * 24 * 60 * MINUTE);
    const until = engine.clock.now() + soak.ms;
    expect(await engine.advance(phases())).toEqual({ status: 'waiting', phase: 'soak', until });
  });

  test('that is over stays over when the clock is set back after it', async () => {
    await engine.advance([soak, gate('ask', () => [PASS])]);
    engine.clock.advance(soak.ms);
    expect(await engine.advance([soak, gate('ask', () => [PASS])])).toMatchObject({ status: 'at-gate' });
    engine.clock.set(0);
    expect(await engine.advance([soak, gate('ask', () => [PASS])])).toMatchObject({ status: 'at-gate' });
  });

  test('is over at once when the clock was set far forward', async () => {
    await engine.advance(phases());
    engine.clock.advance(1000 * 24 * 60 * MINUTE);
    expect(await engine.advance(phases())).toEqual({ status: 'done' });
  });

  test('of no length is not there', async () => {
    expect(await engine.advance([{ ...soak, ms: 0 }])).toEqual({ status: 'done' });
    expect(engine.said('wait.begun')).toEqual([]);
  });
});

describe('the gate', () => {
  const phases = (policy: GatePhase['policy'], gather: () => EvidenceItem[]): Phase[] => [
    gate(policy, gather),
    steps('kill', [world.step('kill', { effect: 'irreversible' })]),
  ];

  test('that asks stays shut until somebody approves, however good the evidence', async () => {
    const all = phases('ask', () => [PASS]);
    expect(await engine.advance(all)).toEqual({ status: 'at-gate', phase: 'gate', evidence: [PASS] });
    expect(world.log).toEqual([]);
    approve();
    expect(await engine.advance(all)).toEqual({ status: 'done' });
  });

  test('gathers its evidence anew each time, and an approval does not outweigh what fails', async () => {
    let now = [FAIL];
    const all = phases('ask', () => now);
    await engine.advance(all);
    approve();
    expect(await engine.advance(all)).toMatchObject({ status: 'at-gate', evidence: [FAIL] });
    // The approval was for what was seen then; what is seen now takes another one.
    now = [PASS, UNSURE];
    expect(await engine.advance(all)).toMatchObject({ status: 'at-gate' });
    approve();
    expect(await engine.advance(all)).toEqual({ status: 'done' });
  });

  test('opens against the evidence only for an approval that says so', async () => {
    const all = phases('ask', () => [FAIL]);
    await engine.advance(all);
    approve(true);
    expect(await engine.advance(all)).toEqual({ status: 'done' });
  });

  test('that goes by the evidence opens by itself when all of it passes, and not when some is unsure', async () => {
    let now = [PASS, UNSURE];
    const all = phases('evidence', () => now);
    expect(await engine.advance(all)).toMatchObject({ status: 'at-gate' });
    now = [PASS, { verdict: 'info', text: 'by the way' }];
    expect(await engine.advance(all)).toEqual({ status: 'done' });
  });

  test('once open is not asked again', async () => {
    const kill = world.step('kill', {
      run: failingFirst(
        1,
        () => new TypeError('crashed'),
        async () => null,
      ),
      effect: 'irreversible',
      reconcile: async () => ({ state: 'absent' }),
    });
    let asked = 0;
    const all = [
      gate('evidence', () => {
        asked += 1;
        return [PASS];
      }),
      steps('kill', [kill]),
    ];
    await expect(engine.advance(all)).rejects.toThrow('crashed');
    expect(await engine.advance(all)).toEqual({ status: 'done' });
    expect(asked).toBe(1);
  });
});

describe('a request to stop', () => {
  test('lets what is in hand finish, begins nothing new, undoes nothing, and can be resumed', async () => {
    const stop = new AbortController();
    const first = world.step('first', {
      run: async () => {
        stop.abort();
        await new Promise((resolve) => setImmediate(resolve));
        world.log.push('first finished');
        return null;
      },
    });
    const all = [steps('p', [first, world.step('second')]), steps('q', [world.step('third')])];
    expect(await engine.advance(all, { soft: stop.signal })).toEqual({ status: 'interrupted' });
    expect(world.log).toEqual(['first finished']);

    expect(await engine.advance(all)).toEqual({ status: 'done' });
    expect(world.log).toEqual(['first finished', 'run second', 'run third']);
  });

  test('now cancels the requests in hand, leaves them as intents, and a resume looks at them', async () => {
    const stop = new AbortController();
    const push = world.step('push', {
      run: async (_prepared, ctx) => {
        world.effects.add('push');
        stop.abort();
        throw failure(ctx.signal.aborted ? 'ABORTED' : 'INTERNAL');
      },
    });
    const over = { soft: stop.signal, hard: stop.signal };
    expect(await engine.advance([steps('p', [push])], over)).toEqual({ status: 'interrupted' });
    expect(engine.said().at(-1)).toBe('step.intended push');
    expect(await engine.advance([steps('p', [world.step('push')])])).toEqual({ status: 'done' });
    expect(world.log).toEqual(['look push']);
  });
});

test('when all is done, what was sealed is destroyed before the end is journalled, and only once', async () => {
  const onAppend = (event: { type: string }): void => {
    if (event.type === 'rotation.ended') throw failure('UNAVAILABLE', 'ENOSPC');
  };
  const all = [steps('p', [world.step('a')])];
  await expect(engine.advance(all, { onAppend })).rejects.toThrow('ENOSPC');
  expect(engine.finished).toEqual(['done']);
  // Killed in between: finishing is safe to repeat.
  expect(await engine.advance(all)).toEqual({ status: 'done' });
  expect(engine.said('rotation.ended')).toEqual(['rotation.ended']);
  expect(world.log).toEqual(['run a']);
});

test('at most `concurrency` steps run at once', async () => {
  let running = 0;
  let most = 0;
  const list = Array.from({ length: 20 }, (_, index) =>
    world.step(`s${index}`, {
      run: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return null;
      },
    }),
  );
  await engine.advance([steps('p', list, { concurrency: 4 })]);
  expect(most).toBe(4);
});

test('a gate whose evidence is cut off by a request to stop is interrupted, and concludes nothing', async () => {
  const stop = new AbortController();
  const asked: GatePhase = {
    ...gate('evidence', () => []),
    gather: async () => {
      stop.abort();
      throw failure('ABORTED');
    },
  };
  const over = { soft: stop.signal, hard: stop.signal };
  expect(await engine.advance([asked], over)).toEqual({ status: 'interrupted' });
  expect(engine.said('gate.reached')).toEqual([]);
});
