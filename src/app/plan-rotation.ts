import { bindPlan } from './plan/bound-plan.ts';
import { draftPlan, type PlanRequest } from './plan/draft-plan.ts';
import { type Preflight, preflight } from './plan/preflight.ts';
import type { PlanResult, RotationPlan } from './plan/rotation-plan.ts';
import { createPluginHost } from './plugin-host.ts';
import type { Runtime } from './runtime.ts';

export interface PlanOptions {
  readonly acceptDrift: boolean;
  readonly onPreflight: (done: number, total: number) => void;
}

/** The dry run: looks at everything, changes nothing. */
export async function planRotation(
  runtime: Runtime,
  request: PlanRequest,
  options: PlanOptions,
): Promise<PlanResult> {
  const draft = draftPlan(runtime.config, request);
  const host = createPluginHost({ ...runtime, baseDir: draft.baseDir });
  try {
    const bound = await bindPlan(draft, host);
    const settings = {
      resolve: runtime.resolve,
      acceptDrift: options.acceptDrift,
      progress: options.onPreflight,
    };
    const seen = await preflight(bound, settings, { signal: runtime.interruption.hard });
    const { issuer, capabilities } = bound.issuer;
    const reversible = issuer.activateKey !== undefined && request.mode === 'replace';
    return {
      plan: completed(draft, seen),
      findings: [...seen.findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]),
      pointOfNoReturn: pointOfNoReturn(draft, {
        reversible,
        deactivates: capabilities.deactivate !== 'none',
      }),
    };
  } finally {
    await host.closeAll();
  }
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

function pointOfNoReturn(
  plan: RotationPlan,
  issuer: { readonly reversible: boolean; readonly deactivates: boolean },
): string | null {
  if (plan.policy.deactivate === 'never') return null;
  if (issuer.deactivates && !issuer.reversible) return 'deactivate-key';
  return plan.policy.delete && issuer.reversible ? 'delete-key' : null;
}
