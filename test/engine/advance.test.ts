import { beforeEach, describe, expect, it } from 'vitest';
import { AwaitSignal } from '../../src/core/await-signal.ts';
import type { Json } from '../../src/core/json.ts';
import type { EvidenceItem } from '../../src/core/phase.ts';
import { type Advance, advance } from '../../src/engine/advance.ts';
import { fault, gate, inTurn, type Phases, steps, stepsOn, wait } from './support/fakes.ts';
import { NOON, type Rig, startRig } from './support/rig.ts';

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

let rig: Rig;
let trail: string[];
let step: ReturnType<typeof stepsOn>;

beforeEach(async () => {
  rig = await startRig();
  trail = [];
  step = stepsOn(trail);
});

function go(phases: Phases, on: Rig = rig): Promise<Advance> {
  return advance(phases, on.driver, async (outcome) => void trail.push(`finish ${outcome}`));
}

const runs = (): string[] => trail.filter((entry) => entry.startsWith('run '));

describe('forward', () => {
  it('runs phase after phase, cleans up, and only then journals the end', async () => {
    const phases = [steps('make', [step('create')]), steps('spread', [step('push-a'), step('push-b')])];

    expect(await go(phases)).toEqual({ status: 'done' });

    expect(trail.at(-1)).toBe('finish done');
    expect(runs()).toEqual(['run create', 'run push-a', 'run push-b']);
    expect(rig.journalled().at(-1)).toBe('rotation.ended');
  });

  it('does nothing a second time', async () => {
    const phases = [steps('make', [step('create')])];
    await go(phases);
    trail.length = 0;

    expect(await go(phases)).toEqual({ status: 'done' });
    expect(await go(phases, await rig.reopen())).toEqual({ status: 'done' });

    expect(trail).toEqual([]);
  });

  it('does not journal the end when cleaning up fails: the next process cleans up', async () => {
    const phases = [steps('make', [step('create')])];

    await expect(advance(phases, rig.driver, inTurn<void>(fault('UNAVAILABLE')))).rejects.toThrow();
    expect(await go(phases, await rig.reopen())).toEqual({ status: 'done' });

    expect(trail).toEqual(['prepare create', 'run create', 'finish done']);
  });

  it('waits for an operator, and goes on when one is there', async () => {
    const absent = new AwaitSignal('nobody', { instructions: ['make a key'], next: 'keyturn resume' });
    const create = step('create', { run: inTurn<Json>(absent, 'the key') });
    const phases = [steps('make', [create]), steps('spread', [step('push')])];

    expect(await go(phases)).toEqual({ status: 'needs-operator', step: 'create' });
    expect(runs()).not.toContain('run push');

    expect(await go(phases, await rig.reopen())).toEqual({ status: 'done' });
    expect(runs()).toContain('run push');
  });

  it('stops at what cannot be told, and undoes nothing', async () => {
    const lost = step('push-b', {
      run: inTurn<Json>(fault('INDETERMINATE')),
      reconcile: async () => ({ state: 'unknown', reason: 'no' }),
    });
    const failing = step('push-a', { run: inTurn<Json>(fault('PERMISSION_DENIED')) });

    const phases = [steps('spread', [failing, lost], { concurrency: 2 })];

    // What is not known outweighs what failed.
    expect(await go(phases)).toMatchObject({ status: 'stuck', step: 'push-b' });
    expect(trail.filter((entry) => entry.startsWith('undo'))).toEqual([]);
  });

  it('lets an engine error pass and undoes a healthy rotation never', async () => {
    const phases = [
      steps('make', [step('create')]),
      steps('spread', [step('push', { run: inTurn<Json>(new TypeError('a defect')) })]),
    ];

    await expect(go(phases)).rejects.toThrow(TypeError);

    expect(trail).not.toContain('undo create');
    expect(rig.journalled()).not.toContain('rollback.begun');
  });

  it('ends a failed first phase of "stop" where it stands', async () => {
    const failing = step('push', { run: inTurn<Json>(fault('PERMISSION_DENIED')) });
    const phases = [
      steps('make', [step('create')]),
      steps('spread', [failing], { onFailure: 'stop' }),
    ];

    expect(await go(phases)).toMatchObject({ status: 'stopped', step: 'push' });
    expect(trail).not.toContain('undo create');
  });
});

describe('interruption', () => {
  it('lets what is in flight finish, begins nothing new, and goes on in the next process', async () => {
    const first = step('push-a', {
      run: async () => {
        rig.interrupt('softly');
        return 'finished all the same';
      },
    });
    const phases = [steps('spread', [first, step('push-b')]), steps('check', [step('check')])];

    expect(await go(phases)).toEqual({ status: 'interrupted' });
    expect(runs()).toEqual(['run push-a']);

    const next = await rig.reopen();
    expect(next.state.steps.get('push-a')?.status).toBe('done');
    expect(await go(phases, next)).toEqual({ status: 'done' });
    expect(runs()).toEqual(['run push-a', 'run push-b', 'run check']);
  });
});

describe('waits', () => {
  const phases: Phases = [wait('soak', 10 * MINUTE)];
  const until = NOON + 10 * MINUTE;

  it('begin, are not over too early, and are over in whichever process looks then', async () => {
    expect(await go(phases)).toEqual({ status: 'waiting', phase: 'soak', until });
    rig.clock.advance(9 * MINUTE);
    expect(await go(phases)).toEqual({ status: 'waiting', phase: 'soak', until });
    rig.clock.advance(MINUTE);

    expect(await go(phases, await rig.reopen())).toEqual({ status: 'done' });
  });

  it('are counted anew from a clock that was set back, instead of lasting a year', async () => {
    await go(phases);
    rig.clock.advance(-YEAR);

    expect(await go(phases)).toEqual({ status: 'waiting', phase: 'soak', until: until - YEAR });
    rig.clock.advance(10 * MINUTE);
    expect(await go(phases)).toEqual({ status: 'done' });
  });

  it('end when the clock is far ahead', async () => {
    await go(phases);
    rig.clock.advance(YEAR);

    expect(await go(phases)).toEqual({ status: 'done' });
  });

  it('of no length are no waits', async () => {
    expect(await go([wait('soak', 0)])).toEqual({ status: 'done' });
  });
});

describe('the gate', () => {
  let verdicts: EvidenceItem['verdict'][];
  const guarded = (policy: 'ask' | 'evidence'): Phases => [
    gate(policy, () => verdicts),
    steps('kill', [step('kill')]),
  ];
  const approve = (despiteEvidence: boolean): Promise<void> =>
    rig.driver.session.record({ type: 'gate.approved', phase: 'gate', by: 'ann', despiteEvidence });

  beforeEach(() => {
    verdicts = ['pass', 'info'];
  });

  it('asks although all evidence is good, when it is to ask; opens once approved', async () => {
    const phases = guarded('ask');
    expect(await go(phases)).toMatchObject({ status: 'at-gate' });
    expect(runs()).toEqual([]);

    await approve(false);
    expect(await go(phases)).toEqual({ status: 'done' });
    expect(runs()).toEqual(['run kill']);
  });

  it('opens by itself on evidence alone', async () => {
    expect(await go(guarded('evidence'))).toEqual({ status: 'done' });
  });

  it.each(['fail', 'inconclusive'] as const)('does not open by itself when one piece is %s', async (bad) => {
    verdicts = ['pass', bad];
    expect(await go(guarded('evidence'))).toMatchObject({
      status: 'at-gate',
      evidence: [{ verdict: 'pass' }, { verdict: bad }],
    });
    expect(runs()).toEqual([]);
  });

  it('opens for an approval over what is inconclusive', async () => {
    verdicts = ['inconclusive'];
    await approve(false);

    expect(await go(guarded('ask'))).toEqual({ status: 'done' });
  });

  it('stays shut for an approval when a piece fails, whatever was approved before', async () => {
    verdicts = ['fail'];
    await approve(false);

    expect(await go(guarded('ask'))).toMatchObject({ status: 'at-gate' });
    expect(await go(guarded('evidence'))).toMatchObject({ status: 'at-gate' });
    expect(runs()).toEqual([]);
  });

  it('opens despite evidence only for somebody who says so', async () => {
    verdicts = ['fail'];
    await approve(true);

    expect(await go(guarded('ask'))).toEqual({ status: 'done' });
  });

  it('gathers evidence anew each time it is looked at, and stays open once open', async () => {
    const phases = [...guarded('evidence').slice(0, 1), wait('grace', MINUTE)];
    verdicts = ['fail'];
    expect(await go(phases)).toMatchObject({ status: 'at-gate' });
    verdicts = ['pass'];
    expect(await go(phases)).toMatchObject({ status: 'waiting' });
    verdicts = ['fail'];
    rig.clock.advance(MINUTE);
    expect(await go(phases)).toEqual({ status: 'done' });
  });
});

describe('a failure behind the gate', () => {
  const evidence: EvidenceItem['verdict'][] = ['pass'];

  function rotation(check: ReturnType<typeof step>, kill = step('kill')): Phases {
    return [
      steps('spread', [step('push')]),
      gate('ask', () => evidence),
      steps('kill', [kill], { onFailure: 'back-to-gate' }),
      wait('watch', MINUTE),
      steps('prove', [check], { onFailure: 'back-to-gate' }),
    ];
  }
  const approve = (): Promise<void> =>
    rig.driver.session.record({ type: 'gate.approved', phase: 'gate', by: 'ann', despiteEvidence: false });
  async function pastTheWatch(phases: Phases): Promise<Advance> {
    await go(phases);
    await approve();
    expect(await go(phases)).toMatchObject({ status: 'waiting' });
    rig.clock.advance(MINUTE);
    return go(phases);
  }

  it('takes back what is behind the gate and nothing before it', async () => {
    const check = step('prove', { effect: 'none', run: inTurn<Json>(fault('CHECK_FAILED')) });

    expect(await pastTheWatch(rotation(check))).toMatchObject({
      status: 'back-at-gate',
      step: 'prove',
      error: { code: 'CHECK_FAILED' },
    });

    expect(trail.filter((entry) => entry.startsWith('undo'))).toEqual(['undo kill']);
    expect(rig.state.steps.get('push')?.status).toBe('done');
  });

  it('asks for a new approval, then does what is behind the gate again, waits included', async () => {
    const check = step('prove', { effect: 'none', run: inTurn<Json>(fault('CHECK_FAILED'), 'good now') });
    const phases = rotation(check);
    await pastTheWatch(phases);

    const next = await rig.reopen();
    expect(await go(phases, next)).toMatchObject({ status: 'at-gate' });
    expect(trail.filter((entry) => entry === 'run kill')).toHaveLength(1);

    rig = next;
    expect(await pastTheWatch(phases)).toEqual({ status: 'done' });
    expect(trail.filter((entry) => entry === 'run kill')).toHaveLength(2);
    expect(trail.filter((entry) => entry === 'run push')).toHaveLength(1);
  });

  it('stops, with nothing undone, when an irreversible step has happened and nobody saw the key alive', async () => {
    const check = step('prove', { effect: 'none', run: inTurn<Json>(fault('UNAVAILABLE')) });
    const kill = step('kill', { effect: 'irreversible' });

    expect(await pastTheWatch(rotation(check, kill))).toMatchObject({ status: 'stopped', step: 'prove' });

    expect(rig.journalled()).not.toContain('gate.returned gate');
    expect(trail).not.toContain('undo kill');
  });

  it('comes back even from there when the key was seen alive', async () => {
    const check = step('prove', { effect: 'none', run: inTurn<Json>(fault('CHECK_FAILED')) });
    const { compensate: _none, ...kill } = step('kill', { effect: 'irreversible' });

    expect(await pastTheWatch(rotation(check, kill))).toMatchObject({ status: 'back-at-gate' });
  });

  it('stops at the step that could not be taken back', async () => {
    const check = step('prove', { effect: 'none', run: inTurn<Json>(fault('CHECK_FAILED')) });
    const kill = step('kill', { compensate: inTurn<void>(fault('PERMISSION_DENIED')) });

    expect(await pastTheWatch(rotation(check, kill))).toMatchObject({
      status: 'stopped',
      step: 'kill',
      error: { code: 'PERMISSION_DENIED' },
    });
    expect(rig.journalled()).not.toContain('gate.returned gate');
  });

  it('that is interrupted on its way back, with everything taken back, still waits for a new approval', async () => {
    const check = step('prove', { effect: 'none', run: inTurn<Json>(fault('CHECK_FAILED'), 'good now') });
    const kill = step('kill', { compensate: async () => rig.interrupt('softly') });
    const phases = rotation(check, kill);
    await pastTheWatch(phases);

    expect(await go(phases, await rig.reopen())).toMatchObject({ status: 'at-gate' });

    expect(trail.filter((entry) => entry === 'run kill')).toHaveLength(1);
  });
});
