import type { Finding } from '../core/finding.ts';
import { useFingerprintKey } from '../core/fingerprint.ts';
import { CREATE_KEY } from '../steps/material.ts';
import { type BoundPlan, bindPlan } from './plan/bound-plan.ts';
import { askOperator } from './plan/current-key.ts';
import { draftPlan, type PlanRequest } from './plan/draft-plan.ts';
import { type Preflight, preflight } from './plan/preflight.ts';
import type { KeyActs, PlanResult, RotationPlan } from './plan/rotation-plan.ts';
import { createPluginHost } from './plugin-host.ts';
import { openRotationsOf } from './rotations.ts';
import type { Runtime } from './runtime.ts';

export interface PlanOptions {
  readonly acceptDrift: boolean;
  readonly onPreflight: (done: number, total: number) => void;
  /** Whether a person may be asked for the current key; a dry run asks nothing. */
  readonly mayAsk?: boolean;
  /** Whether an open rotation of the key is told; whoever has its lock knows that there is none. */
  readonly tellsOpen?: boolean;
}

/** The dry run: looks at everything, changes nothing. */
export async function planRotation(
  runtime: Runtime,
  request: PlanRequest,
  options: PlanOptions,
): Promise<PlanResult> {
  const draft = draftPlan(runtime.config, request);
  useFingerprintKey(await runtime.storage.fingerprintKey());
  const host = createPluginHost({ ...runtime, baseDir: draft.baseDir });
  try {
    const bound = await bindPlan(draft, host);
    const settings = {
      resolve: runtime.resolve,
      acceptDrift: options.acceptDrift,
      progress: options.onPreflight,
      askCurrent:
        options.mayAsk === true
          ? askOperator(request.key, runtime.operator, runtime.interruption.hard)
          : undefined,
    };
    const [seen, open] = await Promise.all([
      preflight(bound, settings, { signal: runtime.interruption.hard }),
      options.tellsOpen === true ? openRotationsOf(runtime.storage, request.key) : [],
    ]);
    const { issuer } = bound.issuer;
    const reversible = issuer.activateKey !== undefined && request.mode === 'replace';
    const acts = actsOf(bound);
    const noReturn = pointOfNoReturn(draft, acts, reversible);
    return {
      plan: { ...completed(draft, seen), pointOfNoReturn: noReturn },
      acts,
      findings: distinct([...open, ...seen.findings]).sort((a, b) => RANK[a.severity] - RANK[b.severity]),
      pointOfNoReturn: noReturn,
    };
  } finally {
    await host.closeAll();
  }
}

/** What every target of one server says is said once. */
function distinct(findings: readonly Finding[]): Finding[] {
  return [
    ...new Map(
      findings.map((finding) => [`${finding.code} ${finding.subject} ${finding.message}`, finding]),
    ).values(),
  ];
}

const RANK = { error: 0, warning: 1, info: 2 } as const;

function completed(draft: RotationPlan, seen: Preflight): RotationPlan {
  return {
    ...draft,
    oldKeyId: seen.current?.keyId ?? null,
    principal: seen.principal ?? null,
    targets: draft.targets.map((target) => ({ ...target, ...seen.seen.get(target.id) })),
  };
}

/** What an issuer made of options can do, its options decide: the descriptor tells the best case. */
function actsOf({ issuer: { issuer, capabilities }, plan }: BoundPlan): KeyActs {
  return {
    create: capabilities.create,
    deactivate: issuer.deactivateKey === undefined ? 'none' : capabilities.deactivate,
    deletes: plan.policy.delete && plan.mode === 'replace' && issuer.deleteKey !== undefined,
    ...(issuer.overlap === undefined ? {} : { overlap: issuer.overlap }),
  };
}

function pointOfNoReturn(plan: RotationPlan, acts: KeyActs, reversible: boolean): string | null {
  if (acts.overlap === false) return CREATE_KEY;
  if (plan.policy.deactivate === 'never') return null;
  if (acts.deactivate !== 'none' && !reversible) return 'deactivate-key';
  return acts.deletes ? 'delete-key' : null;
}
