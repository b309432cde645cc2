import type { GatePhase, Phase, WaitPhase } from '../../core/phase.ts';
import { checkWithNewKey } from '../../steps/check.ts';
import { deactivateKey, deleteKey } from '../../steps/deactivate-key.ts';
import { proveDead, proveForgotten } from '../../steps/prove-dead.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { holdersOfOldKey } from './holders-of-old-key.ts';
import { stepsPhase } from './steps-phase.ts';

export interface RetirementPhases {
  readonly soak: readonly Phase[];
  readonly gate: readonly Phase[];
  readonly kill: readonly Phase[];
  readonly prove: readonly Phase[];
  readonly watch: readonly Phase[];
  readonly remove: readonly Phase[];
}

type Redact = (text: string) => string;

const NOTHING: RetirementPhases = { soak: [], gate: [], kill: [], prove: [], watch: [], remove: [] };

/** From the soak to the deletion; empty when the old key is to stay. */
export function retirementPhases(bound: BoundPlan, redact: Redact): RetirementPhases {
  const { policy, mode } = bound.plan;
  if (policy.deactivate === 'never') return NOTHING;
  const soakMs = policy.deactivate === 'now' ? 0 : policy.soakMs;
  return {
    soak: [wait('soak', 'Soak', soakMs)],
    gate: [gate(bound, redact)],
    kill: killPhases(bound),
    prove: provePhases(bound),
    watch: watchPhases(bound),
    remove: policy.delete && mode !== 'contain' ? deletePhases(bound) : [],
  };
}

function gate(bound: BoundPlan, redact: Redact): GatePhase {
  const asks = bound.plan.policy.deactivate === 'ask';
  return {
    kind: 'gate',
    id: 'gate',
    title: 'Gate: retire the old key',
    policy: asks ? 'ask' : 'evidence',
    // It quotes what systems said, and goes into the journal.
    gather: async (ctx, { returnedAt }) =>
      (await gatherEvidence(bound, ctx, returnedAt)).map((item) => ({ ...item, text: redact(item.text) })),
  };
}

function killPhases(bound: BoundPlan): Phase[] {
  const { issuer } = bound.issuer;
  const { deactivateKey: deactivate, activateKey: activate } = issuer;
  const signal = new AbortController().signal;
  const assertIdentities = async (): Promise<void> => {
    for (const { store } of bound.stores.values()) await store.assertIdentity({ signal });
  };
  const off =
    deactivate === undefined
      ? []
      : [
          deactivateKey(
            (ref, ctx) => deactivate.call(issuer, ref, ctx),
            boundActivate(bound, activate),
            assertIdentities,
          ),
        ];
  return [stepsPhase('deactivate-key', 'Deactivate the old key', off, 'back-to-gate')];
}

function provePhases(bound: BoundPlan): Phase[] {
  const { identify, deactivateKey: deactivate, activateKey: activate } = bound.issuer.issuer;
  // Nobody has seen the old key alive: a store that holds it again is no reason to give up the new one.
  const blindlyDead = identify === undefined && deactivate !== undefined && activate === undefined;
  // Behind the gate of a contained leak stands the whole rotation: there is nothing to go back to.
  const onFailure = bound.plan.mode === 'contain' || blindlyDead ? 'stop' : 'back-to-gate';
  return [stepsPhase('prove-dead', 'Prove the old key dead', [proofOfDeath(bound, identify)], onFailure)];
}

function proofOfDeath(bound: BoundPlan, identify: BoundPlan['issuer']['issuer']['identify']) {
  const { issuer } = bound.issuer;
  if (identify === undefined) return proveForgotten((ctx) => holdersOfOldKey(bound, ctx));
  return proveDead(issuer, (key, ctx) => identify.call(issuer, key, ctx));
}

/** A leaked key is never switched on again, not even by a rollback. */
function boundActivate(
  bound: BoundPlan,
  activate: BoundPlan['issuer']['issuer']['activateKey'],
): BoundPlan['issuer']['issuer']['activateKey'] {
  if (activate === undefined || bound.plan.mode === 'contain') return undefined;
  return (ref, ctx) => activate.call(bound.issuer.issuer, ref, ctx);
}

/** Checks again and again for a window: wait, check, wait, check. */
function watchPhases(bound: BoundPlan): Phase[] {
  const { forMs, everyMs } = bound.plan.policy.watch;
  const checks = bound.services.flatMap((service) => service.checks);
  if (forMs <= 0 || checks.length === 0) return [];
  const rounds = Math.max(1, Math.ceil(forMs / everyMs));
  const reversible = bound.issuer.issuer.activateKey !== undefined && bound.plan.mode === 'replace';
  return Array.from({ length: rounds }, (_, index): Phase[] => {
    const round = index + 1;
    const list = checks.map((check) => checkWithNewKey(check, `watch-${round}`));
    const onFailure = reversible ? 'back-to-gate' : 'stop';
    return [
      wait(`watch-wait-${round}`, `Watch, round ${round} of ${rounds}`, Math.min(everyMs, forMs)),
      stepsPhase(
        `watch-${round}`,
        `Watch, round ${round} of ${rounds}`,
        list,
        onFailure,
        bound.plan.concurrency,
      ),
    ];
  }).flat();
}

function deletePhases(bound: BoundPlan): Phase[] {
  const { issuer } = bound.issuer;
  const { deleteKey: remove, identify } = issuer;
  if (remove === undefined) return [];
  return [
    wait('grace', 'Grace period', bound.plan.policy.graceMs),
    stepsPhase(
      'delete-key',
      'Delete the old key',
      [
        deleteKey((ref, ctx) => remove.call(issuer, ref, ctx), {
          propagation: issuer.propagation,
          ...(identify && { identify: (key, ctx) => identify.call(issuer, key, ctx) }),
        }),
      ],
      'stop',
    ),
  ];
}

function wait(id: string, title: string, ms: number): WaitPhase {
  return { kind: 'wait', id, title, ms };
}
