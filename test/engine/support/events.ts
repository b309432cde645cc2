import fc from 'fast-check';
import type { RotationEvent } from '../../../src/core/rotation/events.ts';

export const STARTED: RotationEvent & { type: 'rotation.started' } = {
  type: 'rotation.started',
  rotationId: 'r1',
  key: 'the-key',
  plan: { targets: ['a', 'b'] },
};

export const ERROR = {
  code: 'TIMEOUT',
  message: 'vault did not answer in time',
  hint: 'Look at it.',
} as const;

/** Text of every kind that a store may answer with: other scripts, control characters, the replacement character. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\n', '\u2028', '"}', '\ufffd', ',"hash":"0"}'),
);
const step = fc.constantFrom('a', 'b', 'c');
const phase = fc.constantFrom('soak', 'gate');
const json = fc.dictionary(fc.constantFrom('version', 'etag', 'note'), anyText, { noNullPrototype: true });
const error = fc.record({
  code: fc.constantFrom('TIMEOUT', 'REFUSED', 'CONFLICT'),
  message: anyText,
  hint: anyText,
});

/** Anything a journal can say after its first line. */
export const anyEvent: fc.Arbitrary<RotationEvent> = fc.oneof(
  fc.record({ type: fc.constant('driver.started'), fence: fc.nat(), host: anyText, pid: fc.nat() }),
  fc.record({ type: fc.constant('step.intended'), step, prepared: json }),
  fc.record({ type: fc.constant('step.done'), step, output: json }),
  fc.record({ type: fc.constant('step.orphaned'), step, output: json }),
  fc.record({ type: fc.constantFrom('step.failed', 'step.stuck', 'step.not-compensated'), step, error }),
  fc.record({ type: fc.constantFrom('step.compensating', 'step.compensated'), step }),
  fc.record({
    type: fc.constant('step.deferred'),
    step,
    reason: anyText,
    instructions: fc.array(anyText, { maxLength: 2 }),
    next: anyText,
  }),
  fc.record({ type: fc.constant('wait.begun'), phase, from: fc.nat(), until: fc.nat() }),
  fc.record({ type: fc.constant('wait.over'), phase }),
  fc.record({ type: fc.constant('gate.reached'), phase, evidence: fc.constant([]) }),
  fc.record({ type: fc.constant('gate.approved'), phase, by: anyText, despiteEvidence: fc.boolean() }),
  fc.record({ type: fc.constantFrom('gate.opened', 'gate.refused'), phase }),
  fc.record({
    type: fc.constant('gate.returned'),
    phase,
    steps: fc.array(step, { maxLength: 2 }),
    waits: fc.array(phase, { maxLength: 1 }),
    error,
  }),
  fc.record({ type: fc.constant('rollback.begun'), reason: anyText }),
  fc.record({ type: fc.constant('rollback.incomplete'), steps: fc.array(step, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('rotation.ended'), outcome: fc.constantFrom('done', 'rolled-back') }),
);
