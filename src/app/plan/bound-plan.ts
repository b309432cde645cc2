import type { Check } from '../../core/plugins/check.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import type { NamedCheck } from '../../steps/check.ts';
import type { Target } from '../../steps/target.ts';
import type { OpenedIssuer, OpenedStore, PluginHost } from '../plugin-host.ts';
import type { PlannedService, PlannedTarget, RotationPlan } from './rotation-plan.ts';

export interface BoundTarget extends Target {
  readonly planned: PlannedTarget;
  readonly opened: OpenedStore;
}

export interface BoundService {
  readonly planned: PlannedService;
  readonly checks: readonly NamedCheck[];
  readonly reload: Reload | undefined;
}

/** A plan whose plug-ins are open. */
export interface BoundPlan {
  readonly plan: RotationPlan;
  readonly issuer: OpenedIssuer;
  readonly stores: ReadonlyMap<string, OpenedStore>;
  readonly targets: readonly BoundTarget[];
  readonly services: readonly BoundService[];
}

/** Opens everything a plan names. Opening asks nothing of the network. */
export async function bindPlan(plan: RotationPlan, host: PluginHost): Promise<BoundPlan> {
  const stores = new Map<string, OpenedStore>();
  for (const [name, connection] of Object.entries(plan.stores))
    stores.set(name, await host.store(name, connection));
  const issuer = await host.issuer(plan.issuer);
  const services: BoundService[] = [];
  for (const planned of plan.services) services.push(await bindService(planned, host));
  return { plan, issuer, stores, targets: bindTargets(plan, stores), services };
}

function bindTargets(plan: RotationPlan, stores: ReadonlyMap<string, OpenedStore>): BoundTarget[] {
  return plan.targets.flatMap((planned) => {
    const opened = stores.get(planned.store);
    if (opened === undefined) return [];
    return {
      id: planned.id,
      planned,
      opened,
      store: opened.store,
      capabilities: opened.capabilities,
      slot: { ref: planned.ref, fields: Object.keys(planned.parts) },
      parts: planned.parts,
      restore: planned.restore,
      seen: planned.fingerprints ?? undefined,
    };
  });
}

async function bindService(planned: PlannedService, host: PluginHost): Promise<BoundService> {
  const checks: NamedCheck[] = [];
  for (const use of planned.checks) {
    const check: Check = await host.check(checkSubject(planned.name, use.name), use);
    checks.push({ service: planned.name, name: use.name, check });
  }
  const reload =
    planned.reload === null ? undefined : await host.reload(`reload ${planned.name}`, planned.reload);
  return { planned, checks, reload };
}

/** What a check is called in its errors, and where a rehearsal finds it again. */
export function checkSubject(service: string, check: string): string {
  return `check ${service}/${check}`;
}
