import { describe, expect, it } from 'vitest';
import { oldKeyFate } from '../../src/app/old-key-fate.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { JournalEntry, RotationEvent } from '../../src/core/rotation/events.ts';
import { createFold } from '../../src/core/rotation/fold.ts';

function stateAfter(...events: RotationEvent[]) {
  return stateOf({}, events);
}

function stateOf(plan: JsonObject, events: readonly RotationEvent[]) {
  const fold = createFold();
  const started: RotationEvent = { type: 'rotation.started', rotationId: 'r1', key: 'k', plan };
  for (const [index, event] of [started, ...events].entries())
    fold.apply({ ...event, seq: index + 1, at: '2031-01-01T00:00:00.000Z' } as JournalEntry);
  return fold.state();
}

const intended = (step: string): RotationEvent => ({ type: 'step.intended', step, prepared: null });
const done = (step: string): RotationEvent => ({ type: 'step.done', step, output: null });
const failed = (step: string): RotationEvent => ({
  type: 'step.failed',
  step,
  error: { code: 'PERMISSION_DENIED', message: 'no', hint: '' },
});
const undone = (step: string): RotationEvent => ({ type: 'step.compensated', step });
const back: RotationEvent = {
  type: 'gate.returned',
  phase: 'gate',
  steps: ['deactivate-key', 'prove-dead'],
  waits: [],
  error: { code: 'CHECK_FAILED', message: 'still accepted', hint: '' },
};
const OFF = done('deactivate-key');

describe('of a rotation that was rolled back, the old key is', () => {
  it.each<[string, RotationEvent[]]>([
    ['live', []],
    ['live', [intended('deactivate-key'), OFF, undone('deactivate-key')]],
    ['live', [OFF, undone('deactivate-key'), back]],
    // The issuer took the deactivation and still took the key; nobody has taken the deactivation back.
    ['unknown', [OFF, back]],
    ['unknown', [intended('deactivate-key')]],
    ['deactivated', [OFF]],
  ])('%s: %j', (fate, events) => {
    expect(oldKeyFate(stateAfter(...events), 'rolled-back')).toBe(fate);
  });
});

describe('of a rotation that is done, the old key is', () => {
  it.each<[string, RotationEvent[]]>([
    ['live', []],
    ['forgotten', [done('prove-dead')]],
    ['deactivated', [OFF, done('prove-dead')]],
    ['deactivated', [OFF, back, OFF, done('prove-dead')]],
    ['deleted', [OFF, done('delete-key')]],
  ])('%s: %j', (fate, events) => {
    expect(oldKeyFate(stateAfter(...events), 'done')).toBe(fate);
  });
});

describe('of a rotation that stopped because its issuer still accepts the old key, that key is', () => {
  const accepted = (step: string): RotationEvent => ({
    type: 'step.failed',
    step,
    error: { code: 'CHECK_FAILED', message: 'its issuer accepts it', hint: '' },
  });
  it.each<[string, RotationEvent[]]>([
    // A contained leak stops there, and nobody may be told that it is off.
    ['unknown', [OFF, accepted('prove-dead')]],
    ['deactivated', [OFF, failed('prove-dead')]],
    ['deactivated', [OFF, accepted('prove-dead'), done('prove-dead')]],
    ['live', [OFF, done('prove-dead'), accepted('delete-key')]],
    ['deactivated', [OFF, done('prove-dead'), failed('delete-key')]],
    ['deleted', [OFF, done('prove-dead'), accepted('delete-key'), done('delete-key')]],
  ])('%s: %j', (fate, events) => {
    expect(oldKeyFate(stateAfter(...events), undefined)).toBe(fate);
  });
});

describe('where there can be but one key, the old one is', () => {
  it.each<[string, RotationEvent[]]>([
    ['live', []],
    ['live', [failed('create-key')]],
    ['unknown', [intended('create-key')]],
    ['deleted', [done('create-key')]],
    ['deleted', [done('create-key'), done('prove-dead')]],
  ])('%s: %j', (fate, events) => {
    expect(oldKeyFate(stateOf({ pointOfNoReturn: 'create-key' }, events), undefined)).toBe(fate);
  });
});
