import type { KeyPolicy, RotationConfig, ServiceConfig, TargetConfig } from '../../config/rotation-config.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { targetId } from '../../steps/target.ts';
import type { PlannedService, PlannedTarget, RotationMode, RotationPlan } from './rotation-plan.ts';

export interface PlanRequest {
  readonly key: string;
  readonly mode: RotationMode;
  readonly concurrency: number;
  /** What flags say over the config. */
  readonly policy: Partial<KeyPolicy>;
}

/** The plan as the config alone tells it, before anything was looked at. @throws RotationError NOT_FOUND */
export function draftPlan(config: RotationConfig, request: PlanRequest): RotationPlan {
  const key = config.keys[request.key];
  if (key === undefined) {
    const known = Object.keys(config.keys).join(', ');
    throw new RotationError('CONFIG_INVALID', {
      subject: `key ${request.key}`,
      reason: `it is not in ${config.path}; there are: ${known === '' ? 'none' : known}`,
      hint: 'Name one of the keys of the config.',
    });
  }
  const slots = createSlots(config.waves);
  for (const target of key.targets) slots.add(target, target.wave ?? config.waves.at(-1) ?? 'production');

  const reads = new Map<string, string[]>();
  for (const [name, service] of Object.entries(config.services)) {
    const uses = service.uses.filter((use) => use.key === request.key);
    if (uses.length === 0) continue;
    const keys = uses.flatMap((use) =>
      use.from.map((target) => slots.add(target, target.wave ?? service.wave)),
    );
    reads.set(name, keys);
  }
  const targets = slots.planned();
  const services = [...reads].map(([name, keys]) => {
    const slots = keys.flatMap((slot) => targets.get(slot) ?? []);
    const service = plannedService(name, config.services[name] as ServiceConfig, request.key, slots);
    return { ...service, wave: latestOf([service.wave, ...slots.map(({ wave }) => wave)], config.waves) };
  });

  const all = [...targets.values()];
  const used = new Set([...all.map((target) => target.wave), ...services.map((service) => service.wave)]);
  return {
    planVersion: 1,
    key: request.key,
    mode: request.mode,
    baseDir: config.baseDir,
    issuer: key.issuer,
    current: key.current ?? null,
    policy: { ...key.policy, ...request.policy },
    stores: Object.fromEntries(
      Object.entries(config.stores).filter(([name]) => all.some((target) => target.store === name)),
    ),
    waves: config.waves.filter((wave) => used.has(wave)),
    targets: all,
    services,
    concurrency: request.concurrency,
    oldKeyId: null,
    principal: null,
  };
}

/** A service is reloaded and checked when the last of its slots has the new key. */
function latestOf(named: readonly string[], waves: readonly string[]): string {
  return named.reduce((latest, wave) => (waves.indexOf(wave) > waves.indexOf(latest) ? wave : latest));
}

interface Slots {
  /** Gives the slot's key. */
  add(target: TargetConfig, wave: string): string;
  planned(): ReadonlyMap<string, PlannedTarget>;
}

/**
 * What is in one slot is one target, whoever names it: its fields travel in one write, and it is pushed once, with
 * the earliest wave that reads it.
 */
function createSlots(waves: readonly string[]): Slots {
  const slots = new Map<string, { target: TargetConfig; parts: Record<string, string>; wave: number }>();
  return {
    add: (target, wave) => {
      const slotKey = `${target.store}/${target.ref}`;
      const known = slots.get(slotKey) ?? { target, parts: {}, wave: waves.length - 1 };
      Object.assign(known.parts, target.fields);
      known.wave = Math.min(known.wave, waves.indexOf(wave));
      slots.set(slotKey, known);
      return slotKey;
    },
    planned: () =>
      new Map(
        [...slots].map(([slotKey, { target, parts, wave }]) => [
          slotKey,
          {
            id: targetId(target.store, target.ref, Object.keys(parts)),
            store: target.store,
            ref: target.ref,
            parts,
            wave: waves[wave] ?? 'production',
            fingerprints: null,
            restore: 'none',
          },
        ]),
      ),
  };
}

function plannedService(
  name: string,
  service: ServiceConfig,
  key: string,
  slots: readonly PlannedTarget[],
): PlannedService {
  return {
    name,
    owner: service.owner ?? null,
    wave: service.wave,
    targets: slots.map(({ id }) => id),
    reload: service.reload ?? null,
    checks: service.checks.filter((check) => check.key === undefined || check.key === key),
  };
}
