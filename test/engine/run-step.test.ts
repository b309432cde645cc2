import { beforeEach, describe, expect, it } from 'vitest';
import { AwaitSignal } from '../../src/core/await-signal.ts';
import type { Json } from '../../src/core/json.ts';
import type { Reconciliation } from '../../src/core/step.ts';
import { runStep } from '../../src/engine/run-step.ts';
import { fault, inTurn, stepsOn } from './support/fakes.ts';
import { type Rig, startRig } from './support/rig.ts';

const ABSENT: Reconciliation<Json> = { state: 'absent' };
const ORPHANED: Reconciliation<Json> = { state: 'orphaned', output: 'the orphan' };

let rig: Rig;
let trail: string[];
let step: ReturnType<typeof stepsOn>;

beforeEach(async () => {
  rig = await startRig();
  trail = [];
  step = stepsOn(trail);
});

describe('the order of things', () => {
  it('journals the intent, with what was there before, and only then has the effect', async () => {
    const push = step('push', { run: async () => void trail.push(...rig.journalled()) ?? 'pushed' });

    await runStep(push, rig.driver);

    expect(trail).toEqual(['prepare push', 'run push', 'rotation.started', 'step.intended push']);
    expect(rig.state.steps.get('push')).toMatchObject({
      status: 'done',
      prepared: 'before push',
      output: 'pushed',
    });
  });

  it('never runs when the intent cannot be made durable', async () => {
    rig.onAppend(async () => Promise.reject(fault('UNAVAILABLE', 'disk full')));

    await expect(runStep(step('push'), rig.driver)).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    expect(trail).toEqual(['prepare push']);
  });

  it('never runs a done step again, neither here nor in the next process', async () => {
    await runStep(step('push'), rig.driver);
    await rig.driver.session.flush();

    await runStep(step('push'), rig.driver);
    await runStep(step('push'), (await rig.reopen()).driver);

    expect(trail).toEqual(['prepare push', 'run push']);
  });

  it('journals no intent for a step without an effect', async () => {
    await runStep(step('verify', { effect: 'none' }), rig.driver);
    await rig.driver.session.flush();

    expect(rig.journalled()).toEqual(['rotation.started', 'step.done verify']);
  });
});

describe('an effect whose answer was lost', () => {
  const lost = fault('INDETERMINATE');

  it('is found applied and never done twice', async () => {
    const push = step('push', {
      run: inTurn<Json>(lost),
      reconcile: async () => ({ state: 'applied', output: 'found it' }),
    });

    expect(await runStep(push, rig.driver)).toEqual({ kind: 'done' });

    expect(trail).toEqual(['prepare push', 'run push', 'look push']);
    expect(rig.state.steps.get('push')?.output).toBe('found it');
  });

  it('is found absent and done again, from what was prepared the first time', async () => {
    const seen: Json[] = [];
    const attempts = inTurn<Json>(lost, 'second try');
    const push = step('push', {
      run: (prepared) => {
        seen.push(prepared);
        return attempts();
      },
    });

    expect(await runStep(push, rig.driver)).toEqual({ kind: 'done' });

    expect(trail).toEqual(['prepare push', 'run push', 'look push', 'run push']);
    expect(seen).toEqual(['before push', 'before push']);
  });

  it('is tried three times and no more (no retry storm), then stuck because the last answer is lost too', async () => {
    expect(await runStep(step('push', { run: inTurn<Json>(lost) }), rig.driver)).toMatchObject({
      kind: 'stuck',
    });

    expect(trail.filter((entry) => entry === 'run push')).toHaveLength(3);
    expect(rig.state.steps.get('push')?.status).toBe('stuck');
  });

  it('leaves an orphan, which is discarded before another one is made (no pile of keys)', async () => {
    const create = step('create', {
      run: inTurn<Json>(lost, 'second key'),
      reconcile: async () => ORPHANED,
    });

    expect(await runStep(create, rig.driver)).toEqual({ kind: 'done' });

    expect(trail).toEqual([
      'prepare create',
      'run create',
      'look create',
      'discard create',
      'prepare create',
      'run create',
    ]);
    expect(rig.journalled()).toContain('step.orphaned create');
    expect(rig.state.steps.get('create')?.output).toBe('second key');
  });

  it('is stuck, and nothing is guessed, when nobody can tell', async () => {
    const push = step('push', {
      run: inTurn<Json>(lost),
      reconcile: async () => ({ state: 'unknown', reason: 'somebody else wrote' }),
    });

    const result = await runStep(push, rig.driver);

    expect(result).toMatchObject({ kind: 'stuck', error: { code: 'INDETERMINATE' } });
    expect(JSON.stringify(result)).toContain('somebody else wrote');
    expect(trail.filter((entry) => entry === 'run push')).toHaveLength(1);
  });

  it('is stuck when looking fails', async () => {
    const push = step('push', { run: inTurn<Json>(lost), reconcile: inTurn(fault('UNAVAILABLE')) });

    expect(await runStep(push, rig.driver)).toMatchObject({ kind: 'stuck', error: { code: 'UNAVAILABLE' } });
  });

  it('is stuck when the step cannot be looked up at all', async () => {
    const { reconcile: _gone, ...blind } = step('push', { run: inTurn<Json>(lost) });

    expect(await runStep(blind, rig.driver)).toMatchObject({ kind: 'stuck' });
  });
});

describe('after a crash between intent and outcome', () => {
  const crash = new Error('killed');

  it('the next process looks before it does anything', async () => {
    await expect(runStep(step('push', { run: inTurn<Json>(crash) }), rig.driver)).rejects.toThrow('killed');
    trail.length = 0;

    const push = step('push', { reconcile: async () => ({ state: 'applied', output: 'there' }) });
    expect(await runStep(push, (await rig.reopen()).driver)).toEqual({ kind: 'done' });

    expect(trail).toEqual(['look push']);
  });

  it('an orphan discarded just before the crash does not lend its preparation to the next attempt', async () => {
    const create = step('create', {
      run: inTurn<Json>(fault('INDETERMINATE')),
      reconcile: async () => ORPHANED,
      discard: inTurn<void>(crash),
    });
    await expect(runStep(create, rig.driver)).rejects.toThrow('killed');
    trail.length = 0;

    await runStep(step('create', { reconcile: async () => ABSENT }), (await rig.reopen()).driver);

    expect(trail).toEqual(['look create', 'prepare create', 'run create']);
  });

  it('nor does one whose discarding lost its answer and was stuck', async () => {
    const create = step('create', {
      run: inTurn<Json>(fault('INDETERMINATE')),
      reconcile: async () => ORPHANED,
      discard: inTurn<void>(fault('INDETERMINATE')),
    });
    expect(await runStep(create, rig.driver)).toMatchObject({ kind: 'stuck' });
    trail.length = 0;

    await runStep(step('create', { reconcile: async () => ABSENT }), (await rig.reopen()).driver);

    expect(trail).toEqual(['look create', 'prepare create', 'run create']);
  });
});

describe('a refused write', () => {
  it('is prepared anew after CONFLICT: the world it was based on is gone', async () => {
    const push = step('push', { run: inTurn<Json>(fault('CONFLICT'), 'second try') });

    expect(await runStep(push, rig.driver)).toEqual({ kind: 'done' });

    expect(trail).toEqual(['prepare push', 'run push', 'prepare push', 'run push']);
  });

  it('fails after three conflicts, since nothing was written', async () => {
    const push = step('push', { run: inTurn<Json>(fault('CONFLICT')) });

    expect(await runStep(push, rig.driver)).toMatchObject({ kind: 'failed', error: { code: 'CONFLICT' } });

    expect(trail.filter((entry) => entry === 'run push')).toHaveLength(3);
  });

  it('is a failure in the journal when its code says so, and is not tried again', async () => {
    const push = step('push', { run: inTurn<Json>(fault('PERMISSION_DENIED')) });

    expect(await runStep(push, rig.driver)).toMatchObject({
      kind: 'failed',
      error: { code: 'PERMISSION_DENIED' },
    });

    expect(trail).toEqual(['prepare push', 'run push']);
    expect(rig.journalled()).toContain('step.failed push');
  });

  it('fails without an intent while it only looks', async () => {
    const push = step('push', { prepare: inTurn<Json>(fault('DRIFT')) });

    expect(await runStep(push, rig.driver)).toMatchObject({ kind: 'failed', error: { code: 'DRIFT' } });

    expect(rig.state.steps.get('push')?.intended).toBe(false);
  });

  it('passes a defect through and journals no failure for it', async () => {
    const push = step('push', { run: inTurn<Json>(new TypeError('a defect')) });

    await expect(runStep(push, rig.driver)).rejects.toThrow(TypeError);

    expect(rig.journalled()).toEqual(['rotation.started', 'step.intended push']);
  });
});

describe('a step that waits for a person', () => {
  it('is deferred with its instructions, and runs from what it prepared once somebody is there', async () => {
    const absent = new AwaitSignal('nobody is there', {
      instructions: ['open the page'],
      next: 'keyturn resume',
    });
    const create = step('create', { run: inTurn<Json>(absent, 'the key') });

    expect(await runStep(create, rig.driver)).toEqual({ kind: 'deferred' });
    expect(rig.state.steps.get('create')).toMatchObject({
      status: 'deferred',
      waitsFor: { instructions: ['open the page'] },
    });

    expect(await runStep(create, (await rig.reopen()).driver)).toEqual({ kind: 'done' });
    expect(trail).toEqual(['prepare create', 'run create', 'run create']);
  });
});

describe('an interruption', () => {
  it('leaves a cancelled request without an outcome, to be looked up later', async () => {
    const push = step('push', { run: inTurn<Json>(fault('ABORTED')) });

    expect(await runStep(push, rig.driver)).toEqual({ kind: 'interrupted' });

    expect(rig.state.steps.get('push')?.status).toBe('intended');
  });

  it('that is hard turns an error into no verdict at all', async () => {
    rig.interrupt('hard');

    const push = step('push', { run: inTurn<Json>(fault('UNAVAILABLE')) });

    expect(await runStep(push, rig.driver)).toEqual({ kind: 'interrupted' });
    expect(rig.journalled()).not.toContain('step.failed push');
  });
});

describe('a fence that was lost', () => {
  it('stops an irreversible step before its effect', async () => {
    rig.loseLock();

    await expect(runStep(step('delete', { effect: 'irreversible' }), rig.driver)).rejects.toMatchObject({
      code: 'LOCKED',
    });

    expect(trail).not.toContain('run delete');
  });

  it('stops the discarding of an orphan', async () => {
    const create = step('create', {
      run: inTurn<Json>(fault('INDETERMINATE')),
      reconcile: async () => ORPHANED,
    });
    rig.loseLock();

    await expect(runStep(create, rig.driver)).rejects.toMatchObject({ code: 'LOCKED' });

    expect(trail).not.toContain('discard create');
  });
});
