import type { Reload } from '../../core/plugins/reload.ts';
import { slotOffers } from '../../core/plugins/slot-offers.ts';
import type { NamedCheck } from '../../steps/check.ts';
import type { Target } from '../../steps/target.ts';
import type { OpenedIssuer, OpenedStore, PluginHost } from '../plugin-host.ts';
import { collectFaults, type Faults } from './collect-faults.ts';
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

/**
 * Opens everything a plan names. Opening asks nothing of the network.
 * @throws RotationError CONFIG_INVALID with everything that cannot be opened, not only the first
 */
export async function bindPlan(plan: RotationPlan, host: PluginHost): Promise<BoundPlan> {
  const opening = collectFaults();
  const stores = new Map<string, OpenedStore>();
  for (const [name, connection] of Object.entries(plan.stores)) {
    const opened = await opening.attempt(() => host.store(name, connection));
    if (opened !== undefined) stores.set(name, opened);
  }
  const issuer = await opening.attempt(() => host.issuer(plan.issuer));
  const services: BoundService[] = [];
  for (const planned of plan.services) {
    services.push(await bindService(planned, host, opening));
  }
  const fault = opening.fault();
  if (fault !== undefined || issuer === undefined) throw fault;
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
      slot: { ref: planned.ref, fields: Object.keys(planned.parts) },
      parts: planned.parts,
      // A plan that does not say goes by the descriptor.
      offers: slotOffers(opened.capabilities, planned.offers ?? {}),
      restore: planned.restore,
      seen: planned.fingerprints ?? undefined,
    };
  });
}

async function bindService(
  planned: PlannedService,
  host: PluginHost,
  opening: Faults,
): Promise<BoundService> {
  const checks: NamedCheck[] = [];
  for (const use of planned.checks) {
    const check = await opening.attempt(() => host.check(checkSubject(planned.name, use.name), use));
    if (check !== undefined) checks.push({ service: planned.name, name: use.name, check });
  }
  const { reload: use } = planned;
  const reload =
    use === null ? undefined : await opening.attempt(() => host.reload(`reload ${planned.name}`, use));
  return { planned, checks, reload };
}

/** What a check is called in its errors, and where a rehearsal finds it again. */
export function checkSubject(service: string, check: string): string {
  return `check ${service}/${check}`;
}
