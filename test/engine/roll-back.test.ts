import { beforeEach, describe, expect, it } from 'vitest';
import { AwaitSignal } from '../../src/core/await-signal.ts';
import type { Json } from '../../src/core/json.ts';
import { type Advance, advance, rollBackRotation } from '../../src/engine/advance.ts';
import { fault, inTurn, type Phases, steps, stepsOn, wait } from './support/fakes.ts';
import { type Rig, startRig } from './support/rig.ts';

let rig: Rig;
let trail: string[];
let step: ReturnType<typeof stepsOn>;

beforeEach(async () => {
  rig = await startRig();
  trail = [];
  step = stepsOn(trail);
});

const finish = async (outcome: string): Promise<void> => void trail.push(`finish ${outcome}`);
const go = (phases: Phases, on: Rig = rig): Promise<Advance> => advance(phases, on.driver, finish);
const back = (phases: Phases, on: Rig = rig): Promise<Advance> =>
  rollBackRotation(phases, on.driver, finish, 'asked for');
const undone = (): string[] => trail.filter((entry) => entry.startsWith('undo ')).map((entry) => entry.slice(5));

const refused = () => inTurn<Json>(fault('PERMISSION_DENIED', 'no write access'));

describe('a typed failure', () => {
  it('takes every phase back in reverse order, and ends the rotation', async () => {
    const phases = [
      steps('make', [step('create')]),
      steps('wave-1', [step('push-a'), step('push-b')]),
      steps('wave-2', [step('check', { effect: 'none', run: inTurn<Json>(fault('CHECK_FAILED')) })]),
    ];

    expect(await go(phases)).toMatchObject({ status: 'rolled-back' });

    expect(undone()).toEqual(['push-b', 'push-a', 'create']);
    expect(trail.at(-1)).toBe('finish rolled-back');
    expect(await go(phases, await rig.reopen())).toMatchObject({ status: 'rolled-back' });
  });

  it('takes the failed step itself back too: its intent registered it, whatever became of its effect', async () => {
    const seen: (Json | undefined)[] = [];
    const push = step('push', {
      run: refused(),
      compensate: async (prepared, output) => void seen.push(prepared, output),
    });

    await go([steps('spread', [push])]);

    expect(undone()).toEqual(['push']);
    expect(seen).toEqual(['before push', undefined]);
  });

  it('does not take back what only looked, what waits for a person, and what never began', async () => {
    const absent = new AwaitSignal('nobody', { instructions: [], next: '' });
    const phases = [
      steps(
        'spread',
        [
          step('waits', { run: inTurn<Json>(absent) }),
          step('looks', { prepare: inTurn<Json>(fault('DRIFT')) }),
          step('never'),
        ],
        { concurrency: 2 },
      ),
    ];

    expect(await go(phases)).toMatchObject({ status: 'rolled-back' });

    expect(undone()).toEqual([]);
  });

  it('lets pushes in flight settle before the first undo, so that no push lands after its undo', async () => {
    let land: (value: Json) => void = () => {};
    const landed = new Promise<Json>((resolve) => {
      land = resolve;
    });
    const slow = step('slow', {
      run: async () => {
        const value = await landed;
        trail.push('slow has landed');
        return value;
      },
    });
    const failing = step('failing', { run: refused() });

    const ending = go([steps('spread', [slow, failing, step('late')], { concurrency: 2 })]);
    // The failure is journalled while the slow one is still on its way.
    while (!rig.journalled().includes('step.failed failing')) await new Promise(setImmediate);
    expect(undone()).toEqual([]);
    land('done');
    await ending;

    expect(trail).not.toContain('run late');
    expect(trail.indexOf('slow has landed')).toBeLessThan(trail.indexOf('undo slow'));
    expect(undone().sort()).toEqual(['failing', 'slow']);
  });
});

describe('an undo that fails', () => {
  const restoring = (undo: () => Promise<void>): Phases => [
    steps('make', [step('create')], { barrier: true }),
    steps('spread', [step('push-a'), step('push-b', { compensate: undo })]),
    steps('check', [step('check', { effect: 'none', run: inTurn<Json>(fault('CHECK_FAILED')) })]),
  ];

  it('keeps the new key, which somebody may still use, and names the step', async () => {
    const phases = restoring(inTurn<void>(fault('DRIFT', 'somebody else wrote')));

    expect(await go(phases)).toMatchObject({ status: 'rollback-incomplete', steps: ['push-b'] });

    expect(undone()).toEqual(['push-b', 'push-a']);
    expect(rig.state.rollback?.incomplete).toEqual(['push-b']);
    expect(rig.state.ended).toBeUndefined();
    expect(trail).not.toContain('finish rolled-back');
  });

  it('is tried again by the next process, alone, and then the barrier falls', async () => {
    const phases = restoring(inTurn<void>(fault('UNAVAILABLE'), undefined));
    await go(phases);
    trail.length = 0;

    expect(await go(phases, await rig.reopen())).toMatchObject({ status: 'rolled-back' });

    expect(undone()).toEqual(['push-b', 'create']);
  });

  it('passes a defect through: it is not swallowed, and nothing further is undone', async () => {
    await expect(go(restoring(inTurn<void>(new TypeError('a defect'))))).rejects.toThrow(TypeError);

    expect(undone()).not.toContain('create');
    expect(rig.state.ended).toBeUndefined();
  });
});

describe('a rollback that was asked for', () => {
  it('takes back what is done so far, even while a wait is on', async () => {
    const phases = [steps('make', [step('create')]), wait('soak', 1000)];
    await go(phases);

    expect(await back(phases, await rig.reopen())).toEqual({ status: 'rolled-back', reason: 'asked for' });

    expect(undone()).toEqual(['create']);
  });

  it('takes an effect back that nobody knows the outcome of', async () => {
    const stuck = step('push', {
      run: inTurn<Json>(fault('INDETERMINATE')),
      reconcile: async () => ({ state: 'unknown', reason: 'no' }),
    });
    const phases = [steps('spread', [stuck])];
    await go(phases);

    expect(await back(phases)).toMatchObject({ status: 'rolled-back' });

    expect(undone()).toEqual(['push']);
  });

  it('is refused past the point of no return', async () => {
    const phases = [
      steps('spread', [step('push')]),
      steps('kill', [step('kill', { effect: 'irreversible' })]),
      wait('grace', 1000),
    ];
    await go(phases);

    await expect(back(phases)).rejects.toMatchObject({ code: 'REFUSED' });

    expect(undone()).toEqual([]);
    expect(rig.journalled()).not.toContain('rollback.begun');
  });

  it('is refused when an irreversible step may have happened', async () => {
    const kill = step('kill', { effect: 'irreversible', run: inTurn<Json>(new Error('killed')) });
    const phases = [steps('spread', [step('push')]), steps('kill', [kill])];
    await expect(go(phases)).rejects.toThrow('killed');

    const next = await rig.reopen();

    await expect(back(phases, next)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('is not refused when the irreversible step certainly failed', async () => {
    const kill = step('kill', { effect: 'irreversible', run: refused() });
    const phases = [steps('spread', [step('push')]), steps('kill', [kill], { onFailure: 'stop' })];
    expect(await go(phases)).toMatchObject({ status: 'stopped' });

    expect(await back(phases)).toMatchObject({ status: 'rolled-back' });
  });

  it('changes nothing after the end', async () => {
    const phases = [steps('spread', [step('push')])];
    await go(phases);

    expect(await back(phases)).toEqual({ status: 'done' });
    expect(undone()).toEqual([]);
  });
});

describe('the way back, disturbed', () => {
  it('does nothing once the fence is lost', async () => {
    const phases = [steps('spread', [step('push')]), wait('soak', 1000)];
    await go(phases);
    rig.loseLock();

    await expect(back(phases)).rejects.toMatchObject({ code: 'LOCKED' });

    expect(undone()).toEqual([]);
    expect(rig.journalled()).not.toContain('step.compensating push');
  });

  it('finishes the undo in hand when interrupted, and carries on later', async () => {
    const last = step('push-b', { compensate: async () => rig.interrupt('softly') });
    const phases = [steps('make', [step('create')]), steps('spread', [step('push-a'), last]), wait('soak', 1000)];
    await go(phases);

    expect(await back(phases)).toEqual({ status: 'interrupted' });
    expect(undone()).toEqual(['push-b']);

    expect(await go(phases, await rig.reopen())).toMatchObject({ status: 'rolled-back' });
    expect(undone()).toEqual(['push-b', 'push-a', 'create']);
  });
});
