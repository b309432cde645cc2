import { describe, expect, it } from 'vitest';
import { describeLive } from '../../src/app/live-keys.ts';
import { detailsOf, rowOf } from '../../src/app/rotation-listing.ts';
import type { RotationEvent } from '../../src/core/rotation/events.ts';
import {
  deferred,
  done,
  error,
  failed,
  intended,
  notUndone,
  PUSH,
  rollingBack,
  stateAfter,
  stuck,
  undone,
} from './support/journalled.ts';

const atGate: RotationEvent = { type: 'gate.reached', phase: 'gate', evidence: [] };
const opened: RotationEvent = { type: 'gate.opened', phase: 'gate' };
const soaking: RotationEvent = { type: 'wait.begun', phase: 'soak', from: 1, until: 2 };
const returned: RotationEvent = {
  type: 'gate.returned',
  phase: 'gate',
  steps: ['prove-dead'],
  waits: [],
  error: error('the old key still works'),
};
const left: RotationEvent = { type: 'rollback.incomplete', steps: [PUSH] };

describe('the list says in a word where each rotation stands, and details which command is next', () => {
  it.each<[string, RotationEvent[], string[]]>([
    ['in progress', [done('create-key')], ['resume r1', 'rollback r1']],
    ['in progress', [atGate, opened], ['resume r1', 'rollback r1']],
    ['waiting (soak)', [soaking], ['resume r1', 'rollback r1']],
    ['at the gate', [soaking, { type: 'wait.over', phase: 'soak' }, atGate], ['approve r1', 'rollback r1']],
    ['at the gate', [atGate, opened, returned], ['approve r1', 'rollback r1']],
    ['stuck', [stuck(PUSH)], ['resume r1', 'rollback r1']],
    ['needs a person', [deferred('create-key')], ['resume r1 --new-key-stdin', 'rollback r1']],
    ['rolling back', [failed(PUSH), rollingBack], ['rollback r1']],
    ['rollback incomplete', [rollingBack, notUndone(PUSH), left], ['rollback r1']],
    ['done', [{ type: 'rotation.ended', outcome: 'done' }], []],
    ['rolled-back', [rollingBack, { type: 'rotation.ended', outcome: 'rolled-back' }], []],
  ])('%s', (status, events, next) => {
    const state = stateAfter(events);
    expect(rowOf(state).status).toBe(status);
    expect(detailsOf(state).next).toEqual(next.map((command) => `keyturn ${command}`));
  });

  it.each<[string, RotationEvent[], string[]]>([
    ['done', [done('deactivate-key'), soaking], ['resume r1']],
    ['may have been done', [intended('deactivate-key')], ['resume r1']],
    ['failed', [failed('deactivate-key')], ['resume r1', 'rollback r1']],
    ['waits for a person', [deferred('deactivate-key')], ['resume r1 --new-key-stdin', 'rollback r1']],
  ])('there is a way back until the point of no return, which %s', (_status, events, next) => {
    const state = stateAfter(events, { pointOfNoReturn: 'deactivate-key' });
    expect(detailsOf(state).next).toEqual(next.map((command) => `keyturn ${command}`));
  });

  it('there is none any more once what only the way back needed is removed', () => {
    const tidied = stateAfter([done('delete-key'), intended('tidy:env/shop.env#KEY')]);
    expect(detailsOf(tidied).next).toEqual(['keyturn resume r1']);
  });

  it('what needs a person is told line by line', () => {
    expect(detailsOf(stateAfter([deferred('create-key')])).instructions).toEqual([
      'Open the page.',
      'Copy it.',
    ]);
    expect(detailsOf(stateAfter([done('create-key')])).instructions).toEqual([]);
  });

  it('a contained leak has no way back in either', () => {
    const off = done('deactivate-key');
    expect(detailsOf(stateAfter([off], { mode: 'contain' })).next).toEqual(['keyturn resume r1']);
    expect(detailsOf(stateAfter([off, rollingBack], { mode: 'contain' })).next).toEqual([]);
  });
});

describe('the details name each problem that is still one', () => {
  it('and none that was taken back or went well in the end', () => {
    const state = stateAfter([failed('reload:shop'), failed(PUSH), undone(PUSH), stuck('check:shop/a')]);
    expect(detailsOf(state).problems).toEqual([
      { step: 'reload:shop', status: 'failed', message: 'no answer', hint: 'Look at: no answer' },
      { step: 'check:shop/a', status: 'stuck', message: 'lost', hint: 'Look at: lost' },
    ]);
  });

  it('and first why it came back to the gate, while it stands there', () => {
    const back = { step: 'gate', status: 'returned to', message: 'the old key still works' };
    expect(detailsOf(stateAfter([atGate, opened, returned])).problems).toMatchObject([back]);
    expect(detailsOf(stateAfter([atGate, opened, returned, rollingBack])).problems).toEqual([]);
  });

  it('with the steps of each service by its name, and what became of each target', () => {
    const steps = [
      'guard:shop',
      'reload:shop',
      'check:shop/ping',
      'watch-1:shop/ping',
      'check:shopping/ping',
    ];
    const details = detailsOf(stateAfter([...steps.map((step) => done(step)), failed(PUSH), atGate]));
    expect(details.services).toEqual([
      {
        name: 'shop',
        owner: null,
        steps: Object.fromEntries(steps.slice(0, 4).map((step) => [step, 'done'])),
      },
    ]);
    expect(details.targets).toEqual([
      { id: 'env/shop.env#KEY', wave: 'production', status: 'failed', error: 'no answer' },
    ]);
    expect(detailsOf(stateAfter([])).targets).toMatchObject([{ status: 'not yet', error: null }]);
  });
});

describe('what is live', () => {
  it.each<[string, RotationEvent[]]>([
    ['not made', []],
    ['not made', [deferred('create-key')]],
    ['not made', [failed('create-key')]],
    ['unknown', [intended('create-key')]],
    ['unknown', [stuck('create-key')]],
    ['live', [done('create-key', { keyId: 'k2' })]],
    ['deleted', [done('create-key', { keyId: 'k2' }), undone('create-key')]],
    ['unknown', [done('create-key', { keyId: 'k2' }), notUndone('create-key')]],
  ])('of the new key: %s after %j', (fate, events) => {
    expect(describeLive(stateAfter(events)).newKey.state).toBe(fate);
  });

  it.each<[RotationEvent[], object]>([
    [[], { holdNew: 0, holdOld: 1, unclear: [] }],
    [[done(PUSH)], { holdNew: 1, holdOld: 0, unclear: [] }],
    [[failed(PUSH)], { holdNew: 0, holdOld: 1, unclear: [] }],
    [[intended(PUSH), failed(PUSH)], { holdNew: 0, holdOld: 0, unclear: ['env/shop.env#KEY'] }],
    [[done(PUSH), undone(PUSH)], { holdNew: 0, holdOld: 1, unclear: [] }],
    [[intended(PUSH)], { holdNew: 0, holdOld: 0, unclear: ['env/shop.env#KEY'] }],
    [[stuck(PUSH)], { holdNew: 0, holdOld: 0, unclear: ['env/shop.env#KEY'] }],
    [[done(PUSH), notUndone(PUSH)], { holdNew: 0, holdOld: 0, unclear: ['env/shop.env#KEY'] }],
  ])('of the targets after %j: %j', (events, counts) => {
    expect(describeLive(stateAfter(events)).targets).toEqual({ total: 1, ...counts });
  });

  it('the old key has the id that was sealed, or the one in the plan, or none', () => {
    const sealed = done('capture-old-key', { keyId: 'sealed-id' });
    expect(describeLive(stateAfter([sealed], { oldKeyId: 'planned' })).oldKey.id).toBe('sealed-id');
    expect(describeLive(stateAfter([], { oldKeyId: 'planned' })).oldKey.id).toBe('planned');
    expect(describeLive(stateAfter([done('capture-old-key', { keyId: 7 })])).oldKey.id).toBeNull();
  });
});
