import type { RotationPlan } from '../../../src/app/plan/rotation-plan.ts';
import type { Json } from '../../../src/core/json.ts';
import type { JournalEntry, RotationEvent } from '../../../src/core/rotation/events.ts';
import { createFold } from '../../../src/core/rotation/fold.ts';
import type { RotationState } from '../../../src/core/rotation/state.ts';
import { planResult } from '../../commands/support/plan-result.ts';

/** The id of the one target there is in {@link planResult}. */
export const PUSH = 'push:env/shop.env#KEY';

/** What a journal with these lines adds up to. */
export function stateAfter(
  events: readonly RotationEvent[],
  plan: Partial<RotationPlan> = {},
): RotationState {
  const fold = createFold();
  const frozen = planResult({ plan }).plan as unknown as Json;
  const started: RotationEvent = {
    type: 'rotation.started',
    rotationId: 'r1',
    key: 'shop-key',
    plan: frozen,
  };
  for (const [index, event] of [started, ...events].entries())
    fold.apply({ ...event, seq: index + 1, at: '2031-01-01T00:00:00.000Z' } as JournalEntry);
  return fold.state();
}

export const error = (message: string) =>
  ({ code: 'TIMEOUT', message, hint: `Look at: ${message}` }) as const;

export const intended = (step: string): RotationEvent => ({ type: 'step.intended', step, prepared: null });
export const done = (step: string, output: Json = null): RotationEvent => ({
  type: 'step.done',
  step,
  output,
});
export const failed = (step: string): RotationEvent => ({
  type: 'step.failed',
  step,
  error: error('no answer'),
});
export const stuck = (step: string): RotationEvent => ({ type: 'step.stuck', step, error: error('lost') });
export const undone = (step: string): RotationEvent => ({ type: 'step.compensated', step });
export const notUndone = (step: string): RotationEvent => ({
  type: 'step.not-compensated',
  step,
  error: error('somebody else wrote'),
});
export const deferred = (step: string): RotationEvent => ({
  type: 'step.deferred',
  step,
  reason: 'a new key is needed',
  instructions: ['Open the page.', 'Copy it.'],
  next: 'keyturn resume ROTATION --new-key-stdin',
});
export const rollingBack: RotationEvent = { type: 'rollback.begun', reason: 'the check failed' };
