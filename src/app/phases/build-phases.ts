import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Operator } from '../../core/operator.ts';
import type { Phase, StepsPhase } from '../../core/phase.ts';
import type { Step } from '../../core/step.ts';
import { captureOldKey } from '../../steps/capture-old-key.ts';
import { createKey } from '../../steps/create-key.ts';
import { keepOldKey } from '../../steps/keep-old-key.ts';
import { tidy } from '../../steps/tidy.ts';
import { verifyKey } from '../../steps/verify-key.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';
import { askOperator, type CurrentKey, readCurrentKey } from '../plan/current-key.ts';
import type { RotationPlan } from '../plan/rotation-plan.ts';
import type { Runtime } from '../runtime.ts';
import { replacingIssuer } from './replacing-issuer.ts';
import { retirementPhases } from './retirement-phases.ts';
import { stepsPhase } from './steps-phase.ts';
import { wavePhases } from './wave-phases.ts';

/**
 * A plan as the phases the engine runs: the same ids in the same order each time, so that a resume finds its place.
 * `replace` retires the old key last; `contain` kills it first and then never goes back by itself.
 */
export function buildPhases(
  bound: BoundPlan,
  { redact, ...reading }: Pick<Runtime, 'resolve' | 'redact' | 'operator' | 'interruption'>,
): readonly Phase[] {
  const contain = bound.plan.mode === 'contain';
  const onFailure = contain ? 'stop' : 'rollback';
  // What holds the old key is broken once the new one is made: forward is the only way.
  const onceMade = bound.issuer.issuer.overlap === false ? 'stop' : onFailure;
  // Nothing was done before it, in either mode.
  const capture = one('capture', 'Seal the old key', captureStep(bound, reading), 'rollback');
  const make: Phase[] = [
    {
      ...one('create-key', 'Make the new key', createStep(bound, reading.operator), onFailure),
      barrier: true,
    },
    stepsPhase('verify-key', 'Verify the new key', verifySteps(bound), onceMade),
  ];
  const waves = wavePhases(bound, onceMade);
  const retire = retirementPhases(bound, redact);
  const phases = contain
    ? [
        capture,
        ...retire.gate,
        ...retire.kill,
        ...make,
        ...waves,
        ...retire.prove,
        ...retire.watch,
        ...retire.remove,
        ...tidyPhase(bound),
      ]
    : [
        capture,
        ...make,
        ...waves,
        ...retire.soak,
        ...retire.gate,
        ...retire.kill,
        ...retire.prove,
        ...retire.watch,
        ...retire.remove,
        ...tidyPhase(bound),
      ];
  return phases.filter((phase) => phase.kind !== 'steps' || phase.steps.length > 0);
}

function tidyPhase(bound: BoundPlan): Phase[] {
  const steps = bound.targets.flatMap((target) => {
    const tidyUp = target.store.tidy;
    return tidyUp === undefined ? [] : [tidy(target, tidyUp)];
  });
  return [stepsPhase('tidy', 'Tidy up', steps, 'stop', bound.plan.concurrency)];
}

function captureStep(
  bound: BoundPlan,
  { resolve, operator, interruption }: Pick<Runtime, 'resolve' | 'operator' | 'interruption'>,
): Step {
  const signal = interruption.hard;
  const ask = askOperator(bound.plan.key, operator, signal);
  return captureOldKey(async () => {
    const current = await readCurrentKey(bound, resolve, ask, { signal });
    assertAsPlanned(bound.plan, current);
    return current;
  });
}

/** Somebody may have changed the key while the plan was read: the one that is retired is the one that was shown. */
function assertAsPlanned({ key, oldKeyId }: RotationPlan, { keyId }: CurrentKey): void {
  if (oldKeyId === null || keyId === oldKeyId) return;
  throw new RotationError('DRIFT', {
    subject: `the current key ${key}`,
    reason: `it is another one than preflight saw (${keyId} in place of ${oldKeyId})`,
    hint: `Nothing was touched. Find out who changed it, then look again: \`keyturn plan ${key}\`.`,
  });
}

function createStep(bound: BoundPlan, operator: Operator): Step {
  const { capabilities, longestCreateMs } = bound.issuer;
  const { create: made, deactivate } = capabilities;
  const title = made === 'assisted' ? 'Take the new key from its issuer' : 'Make the new key';
  const confirmDone: Operator['confirmDone'] = (task, call) => operator.confirmDone(task, call);
  return createKey(replacingIssuer(bound), { made, deactivate, longestCreateMs, title, confirmDone });
}

function verifySteps(bound: BoundPlan): Step[] {
  const { issuer } = bound.issuer;
  const { identify } = issuer;
  if (identify === undefined) return [];
  const ask: typeof identify = (key, ctx) => identify.call(issuer, key, ctx);
  const verify = verifyKey(issuer, ask, bound.plan.principal ?? undefined);
  return bound.plan.mode === 'contain' || issuer.overlap === false
    ? [verify]
    : [verify, keepOldKey(issuer, ask)];
}

function one(id: string, title: string, step: Step, onFailure: StepsPhase['onFailure']): StepsPhase {
  return stepsPhase(id, title, [step], onFailure);
}
