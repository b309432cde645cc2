import { describe, expect, it } from 'vitest';
import type { OpenRotation } from '../../src/app/open-rotation.ts';
import { reportOf, reportOn } from '../../src/app/report.ts';
import type { EvidenceItem } from '../../src/core/phase.ts';
import type { RotationEvent } from '../../src/core/rotation/events.ts';
import type { Advance } from '../../src/engine/advance.ts';
import { deferred, done, error, failed, intended, notUndone, stateAfter } from './support/journalled.ts';

const fail: EvidenceItem = { verdict: 'fail', text: 'in use' };
const pass: EvidenceItem = { verdict: 'pass', text: 'idle' };
const lost = error('the answer was lost');

describe('a report says what happened and what to run, the safest first', () => {
  it.each<[Advance, number, string, string[]]>([
    [{ status: 'done' }, 0, 'Done: shop-key is rotated and the old key is retired', []],
    [{ status: 'rolled-back', reason: 'no' }, 4, 'Rolled back: no', ['plan shop-key']],
    [
      { status: 'waiting', phase: 'soak', until: Date.UTC(2031, 0, 1) },
      6,
      'Paused: soak lasts until 2031-01-01T00:00:00.000Z',
      ['resume r1', 'rollback r1'],
    ],
    [
      { status: 'at-gate', phase: 'gate', evidence: [pass] },
      6,
      'Paused at the gate: the old key is still live until you approve',
      ['approve r1', 'rollback r1'],
    ],
    [
      { status: 'at-gate', phase: 'gate', evidence: [pass, fail] },
      6,
      'Held at the gate: 1 piece of evidence fails, so the old key stays live; repair it, then approve',
      ['approve r1', 'rollback r1'],
    ],
    [
      { status: 'at-gate', phase: 'gate', evidence: [fail, fail] },
      6,
      'Held at the gate: 2 pieces of evidence fail, so the old key stays live; repair it, then approve',
      ['approve r1', 'rollback r1'],
    ],
    [
      { status: 'stuck', step: 'push:a', error: lost },
      5,
      'Stuck at push:a: the answer was lost',
      ['resume r1', 'rollback r1'],
    ],
    [
      { status: 'back-at-gate', step: 'prove-dead', error: lost },
      5,
      'Back at the gate: the answer was lost',
      ['approve r1', 'rotations show r1'],
    ],
    [
      { status: 'stopped', step: 'delete-key', error: lost },
      5,
      'Stopped at delete-key: the answer was lost',
      ['resume r1', 'rotations show r1'],
    ],
    [
      { status: 'interrupted' },
      130,
      'Interrupted; everything so far is journalled',
      ['resume r1', 'rollback r1'],
    ],
  ])('%j', (at, exitCode, message, next) => {
    expect(reportOf(stateAfter([]), at)).toMatchObject({
      status: at.status,
      exitCode,
      message,
      next: next.map((command) => `keyturn ${command}`),
      evidence: 'evidence' in at ? at.evidence : [],
      error: 'error' in at ? at.error : null,
    });
  });

  it('a key that the policy left live is told to be live', () => {
    const { policy } = stateAfter([]).plan as never as { policy: never };
    const state = stateAfter([], { policy: { ...(policy as object), deactivate: 'never' } as never });
    expect(reportOf(state, { status: 'done' }).message).toContain('the old key was left live, as asked');
  });

  it('at the gate of a key that has died already, nobody is told that it lives', () => {
    const state = stateAfter([done('create-key')], { pointOfNoReturn: 'create-key' });
    const at = (evidence: EvidenceItem[]) => reportOf(state, { status: 'at-gate', phase: 'gate', evidence });
    expect(at([pass]).message).toContain('the old key died when the new one was made');
    expect(at([fail]).message).toBe('Held at the gate: 1 piece of evidence fails; repair it, then approve');
    expect(at([pass]).live.oldKey.state).toBe('deleted');
  });

  it('a contained leak is never sent back, once anything was done about it', () => {
    const next = (...events: RotationEvent[]) =>
      reportOf(stateAfter(events, { mode: 'contain' }), { status: 'interrupted' }).next;
    expect(next(done('capture-old-key'))).toEqual(['keyturn resume r1', 'keyturn rollback r1']);
    expect(next(intended('deactivate-key'))).toEqual(['keyturn resume r1']);
    expect(next(intended('deactivate-key'), deferred('deactivate-key'))).toHaveLength(1);
  });
});

it.each([
  ['done', done, ['keyturn resume r1']],
  ['intended', intended, ['keyturn resume r1']],
  ['failed', failed, ['keyturn resume r1', 'keyturn rollback r1']],
])(
  'offers a way back only while there is one: an irreversible step that is %s',
  (_status, journalled, next) => {
    const session = { state: stateAfter([journalled('deactivate-key')]) };
    const step = { id: 'deactivate-key', effect: 'irreversible' };
    const rotation = { session, phases: [{ kind: 'steps', steps: [step] }] } as unknown as OpenRotation;
    expect(reportOn(rotation, { status: 'interrupted' }).next).toEqual(next);
  },
);

describe('a rotation that waits for a person', () => {
  it('says what for, what to do, and the command with the flag and the id', () => {
    expect(
      reportOf(stateAfter([deferred('create-key')]), { status: 'needs-operator', step: 'create-key' }),
    ).toMatchObject({
      exitCode: 6,
      message: 'Paused: a new key is needed',
      instructions: ['Open the page.', 'Copy it.'],
      next: ['keyturn resume r1 --new-key-stdin', 'keyturn rollback r1'],
    });
  });

  it('can be resumed even where it does not say what for', () => {
    expect(reportOf(stateAfter([]), { status: 'needs-operator', step: 'create-key' })).toMatchObject({
      message: 'Paused: create-key',
      instructions: [],
      next: ['keyturn resume r1', 'keyturn rollback r1'],
    });
  });
});

describe('a rollback that is not complete', () => {
  const incomplete = (steps: readonly string[]): Advance => ({
    status: 'rollback-incomplete',
    reason: 'check failed',
    steps,
  });

  it('names what was left, why, and the first error with its hint', () => {
    const state = stateAfter([notUndone('push:a')]);
    expect(reportOf(state, incomplete(['push:a', 'push:b']))).toMatchObject({
      exitCode: 5,
      message: 'Failed (check failed) and could not be taken back completely: push:a, push:b',
      error: { message: 'somebody else wrote' },
      instructions: ['push:a: somebody else wrote', 'push:b: not taken back'],
      next: ['keyturn rollback r1', 'keyturn rotations show r1'],
    });
    expect(reportOf(state, incomplete(['push:b', 'push:a'])).error).toBeNull();
  });

  it('of hundreds is still one line, with each in the instructions', () => {
    const steps = Array.from({ length: 200 }, (_, index) => `push:${index}`);
    const report = reportOf(stateAfter([]), incomplete(steps));
    expect(report.message).toMatch(/: push:0, push:1, push:2, push:3, push:4 and 195 more$/);
    expect(report.instructions).toHaveLength(200);
  });
});
