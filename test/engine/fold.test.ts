import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEntry, RotationEvent } from '../../src/core/rotation/events.ts';
import { createFold } from '../../src/core/rotation/fold.ts';
import type { RotationState } from '../../src/core/rotation/state.ts';
import { engineFolder } from './support/engine-folder.ts';
import { anyEvent, ERROR, STARTED } from './support/events.ts';

function at(seq: number): string {
  return new Date(Date.UTC(2031, 0, 1, 0, 0, seq)).toISOString();
}

function numbered(events: readonly RotationEvent[]): JournalEntry[] {
  return events.map((event, index) => ({ seq: index + 1, at: at(index + 1), ...event }));
}

function folded(entries: readonly JournalEntry[]): RotationState {
  const fold = createFold();
  for (const entry of entries) fold.apply(entry);
  return fold.state();
}

/** What a rotation that has begun comes to after these events. */
function stateAfter(...events: RotationEvent[]): RotationState {
  return folded(numbered([STARTED, ...events]));
}

const INTENDED: RotationEvent = { type: 'step.intended', step: 'a', prepared: { version: 3 } };
const DONE: RotationEvent = { type: 'step.done', step: 'a', output: { version: 4 } };
const EVIDENCE = [{ text: 'all readers took the new key up', verdict: 'pass' }] as const;
const REACHED: RotationEvent = { type: 'gate.reached', phase: 'gate', evidence: EVIDENCE };
const APPROVED: RotationEvent = { type: 'gate.approved', phase: 'gate', by: 'ann', despiteEvidence: true };
const OPENED: RotationEvent = { type: 'gate.opened', phase: 'gate' };

function returned(steps: readonly string[], waits: readonly string[]): RotationEvent {
  return { type: 'gate.returned', phase: 'gate', steps, waits, error: ERROR };
}

describe('folding a journal', () => {
  it('depends on the entries alone, and leaves them as they were', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        const entries = numbered([STARTED, ...events]);
        const copy = structuredClone(entries);
        expect(folded(entries)).toEqual(folded(copy));
        expect(entries).toEqual(copy);
      }),
    );
  });

  it('comes to the same live and when the journal is read back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 12 }), async (events) => {
        const { storage } = engineFolder();
        const journal = await storage.createJournal('r1');
        for (const event of [STARTED, ...events]) void journal.append(event).durable;
        await journal.close();
        const read = createFold();
        await (await storage.openJournal('r1', read.apply)).close();

        // Only the times differ between the two.
        const live = numbered([STARTED, ...events]).map((entry) => ({
          ...entry,
          at: read.state().startedAt,
        }));
        expect(read.state()).toEqual(folded(live));
      }),
      { numRuns: 25 },
    );
  });

  it('says when the rotation began and when it last moved', () => {
    const state = stateAfter(INTENDED, { type: 'driver.started', fence: 2, host: 'h', pid: 7 });
    expect(state).toMatchObject({ rotationId: 'r1', key: 'the-key', plan: STARTED.plan });
    expect([state.startedAt, state.updatedAt]).toEqual([at(1), at(3)]);
  });

  it('needs the beginning first', () => {
    expect(() => createFold().state()).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => folded(numbered([INTENDED]))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});

describe('a step', () => {
  const wait = {
    type: 'step.deferred',
    step: 'a',
    reason: 'a person',
    instructions: ['x'],
    next: 'y',
  } as const;
  const waitsFor = { reason: 'a person', instructions: ['x'], next: 'y' };
  const prepared = { version: 3 };
  const output = { version: 4 };
  const failed: RotationEvent = { type: 'step.failed', step: 'a', error: ERROR };
  const compensating: RotationEvent = { type: 'step.compensating', step: 'a' };
  const compensated: RotationEvent = { type: 'step.compensated', step: 'a' };
  const notCompensated: RotationEvent = { type: 'step.not-compensated', step: 'a', error: ERROR };
  const orphaned: RotationEvent = { type: 'step.orphaned', step: 'a', output };
  const stuck: RotationEvent = { type: 'step.stuck', step: 'a', error: ERROR };
  const none = { intended: false, prepared: null };

  it.each<[string, RotationEvent[], object]>([
    ['intended', [INTENDED], { status: 'intended', intended: true, prepared }],
    ['done', [INTENDED, DONE], { status: 'done', intended: true, prepared, output }],
    ['done without an intent', [DONE], { status: 'done', intended: true, prepared: null, output }],
    [
      'failed after its intent',
      [INTENDED, failed],
      { status: 'failed', intended: true, prepared, error: ERROR, failure: ERROR },
    ],
    ['failed while it only looked', [failed], { status: 'failed', ...none, error: ERROR, failure: ERROR }],
    ['stuck', [INTENDED, stuck], { status: 'stuck', intended: true, prepared, error: ERROR }],
    ['orphaned', [INTENDED, orphaned], { status: 'orphaned', intended: true, prepared, output }],
    ['deferred', [INTENDED, wait], { status: 'deferred', intended: true, prepared, waitsFor }],
    ['deferred while it only looked', [wait], { status: 'deferred', ...none, waitsFor }],
    [
      'done after it was deferred',
      [INTENDED, wait, DONE],
      { status: 'done', intended: true, prepared, output },
    ],
    [
      'intended again after it failed',
      [INTENDED, failed, INTENDED],
      { status: 'intended', intended: true, prepared },
    ],
    [
      'being taken back',
      [INTENDED, DONE, compensating],
      { status: 'compensating', intended: true, prepared, output },
    ],
    [
      'taken back',
      [INTENDED, DONE, compensating, compensated],
      { status: 'compensated', intended: true, prepared, output },
    ],
    [
      'not taken back',
      [INTENDED, DONE, compensating, notCompensated],
      { status: 'not-compensated', intended: true, prepared, output, error: ERROR },
    ],
  ])('%s', (_what, events, expected) => {
    expect(stateAfter(...events).steps.get('a')).toEqual({ ...expected, at: at(events.length + 1) });
  });

  it('does not move another', () => {
    const state = stateAfter(INTENDED, { type: 'step.intended', step: 'b', prepared: null }, DONE);
    expect([...state.steps.keys()]).toEqual(['a', 'b']);
    expect(state.steps.get('b')).toMatchObject({ status: 'intended', at: at(3) });
  });
});

describe('a wait', () => {
  const begun: RotationEvent = { type: 'wait.begun', phase: 'soak', from: 100, until: 900 };

  it('is under way, then over', () => {
    expect(stateAfter(begun).waits.get('soak')).toEqual({ from: 100, until: 900, over: false });
    const over = stateAfter(begun, { type: 'wait.over', phase: 'soak' });
    expect(over.waits.get('soak')).toEqual({ from: 100, until: 900, over: true });
  });

  it('that never began cannot be over', () => {
    expect(stateAfter({ type: 'wait.over', phase: 'soak' }).waits.has('soak')).toBe(false);
  });
});

describe('a gate', () => {
  const approval = { by: 'ann', despiteEvidence: true };

  it('is reached, approved, opened', () => {
    expect(stateAfter(REACHED).gates.get('gate')).toEqual({ evidence: EVIDENCE, open: false });
    expect(stateAfter(REACHED, APPROVED).gates.get('gate')).toEqual({
      evidence: EVIDENCE,
      approval,
      open: false,
    });
    const open = stateAfter(REACHED, APPROVED, OPENED).gates.get('gate');
    expect(open).toEqual({ evidence: EVIDENCE, approval, open: true });
  });

  it('keeps an approval when its evidence is gathered anew', () => {
    const evidence = [{ text: 'one reader is silent', verdict: 'fail' }] as const;
    const gate = stateAfter(REACHED, APPROVED, { type: 'gate.reached', phase: 'gate', evidence }).gates.get(
      'gate',
    );
    expect(gate).toEqual({ evidence, approval, open: false });
  });

  it('that refused an approval keeps the evidence that spoke against it, and waits for another approval', () => {
    const gate = stateAfter(REACHED, APPROVED, { type: 'gate.refused', phase: 'gate' }).gates.get('gate');
    expect(gate).toEqual({ evidence: EVIDENCE, open: false });
  });

  it('that a rotation returned to is shut, and its approval spent', () => {
    const state = stateAfter(REACHED, APPROVED, OPENED, returned([], []));
    expect(state.gates.get('gate')).toEqual({ evidence: [], open: false });
    expect(state.problem).toEqual(ERROR);
    expect(stateAfter(REACHED, APPROVED, OPENED).problem).toBeUndefined();
  });

  it('that opens again, and the end, have no problem any more; an approval alone has', () => {
    const back = [REACHED, APPROVED, OPENED, returned([], []), REACHED, APPROVED];
    expect(stateAfter(...back).problem).toEqual(ERROR);
    expect(stateAfter(...back, OPENED).problem).toBeUndefined();
    const ended: RotationEvent = { type: 'rotation.ended', outcome: 'rolled-back' };
    expect(
      stateAfter(...back, { type: 'rollback.begun', reason: 'asked for' }, ended).problem,
    ).toBeUndefined();
  });

  it('remembers what was done behind it and not taken back, until it is', () => {
    const done: RotationEvent = { type: 'step.done', step: 'kill', output: null };
    const undone: RotationEvent = { type: 'step.compensated', step: 'kill' };
    expect([...stateAfter(done, returned(['kill'], [])).notTakenBack]).toEqual(['kill']);
    expect([...stateAfter(done, undone, returned(['kill'], [])).notTakenBack]).toEqual([]);
    expect([...stateAfter(done, returned(['kill'], []), done, undone).notTakenBack]).toEqual([]);
  });

  it('lets begin anew what is behind it, and nothing else', () => {
    const soak: RotationEvent = { type: 'wait.begun', phase: 'soak', from: 1, until: 2 };
    const watch: RotationEvent = { type: 'wait.begun', phase: 'watch', from: 3, until: 4 };
    const kill: RotationEvent = { type: 'step.intended', step: 'kill', prepared: null };
    const state = stateAfter(
      INTENDED,
      DONE,
      soak,
      REACHED,
      OPENED,
      watch,
      kill,
      returned(['kill'], ['watch']),
    );
    expect([...state.steps.keys()]).toEqual(['a']);
    expect([...state.waits.keys()]).toEqual(['soak']);
    expect(state.steps.get('a')).toMatchObject({ status: 'done' });

    const again = folded([
      ...numbered([STARTED, INTENDED, DONE, kill, returned(['kill'], []), kill]),
      { seq: 7, at: at(7), type: 'step.done', step: 'kill', output: null },
    ]);
    expect(again.steps.get('kill')).toMatchObject({ status: 'done', at: at(7) });
  });
});

describe('the way back and the end', () => {
  const begun: RotationEvent = { type: 'rollback.begun', reason: 'push:b failed' };

  it('has a reason, and what it could not take back', () => {
    expect(stateAfter(begun).rollback).toEqual({ reason: 'push:b failed', incomplete: [] });
    const incomplete = stateAfter(begun, { type: 'rollback.incomplete', steps: ['a'] }).rollback;
    expect(incomplete).toEqual({ reason: 'push:b failed', incomplete: ['a'] });
  });

  it.each(['done', 'rolled-back'] as const)('is %s', (outcome) => {
    expect(stateAfter(INTENDED).ended).toBeUndefined();
    expect(stateAfter(INTENDED, { type: 'rotation.ended', outcome }).ended).toBe(outcome);
  });
});
