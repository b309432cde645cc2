import type { Phase, StepsPhase } from '../../core/phase.ts';
import { checkWithNewKey } from '../../steps/check.ts';
import { guardService } from '../../steps/guard-service.ts';
import { push } from '../../steps/push.ts';
import { reload } from '../../steps/reload.ts';
import type { BoundPlan, BoundService } from '../plan/bound-plan.ts';

/** Per wave: guard the services, push to all targets, reload, check. */
export function wavePhases(bound: BoundPlan, onFailure: StepsPhase['onFailure']): Phase[] {
  const guardedIn = guardingWaves(bound);
  return bound.plan.waves.flatMap((wave) => phasesOf(wave, bound, guardedIn, onFailure));
}

type Waves = ReadonlyMap<BoundService, string | undefined>;

/**
 * A slot is pushed with the earliest wave that reads it, so a service may lose its old key before its own wave. The way
 * back of its guard reloads it: that has to come when the first of its slots, which is the last one to be restored, is
 * back too.
 */
function guardingWaves({ plan, targets, services }: BoundPlan): Waves {
  const place = new Map(plan.waves.map((wave, index) => [wave, index]));
  const placeOf = (wave: string): number => place.get(wave) ?? 0;
  const pushedAt = new Map(targets.map(({ id, planned }) => [id, placeOf(planned.wave)]));
  return new Map(
    services.map((service) => {
      const { wave, targets: slots } = service.planned;
      const first = slots.reduce((least, id) => Math.min(least, pushedAt.get(id) ?? least), placeOf(wave));
      return [service, plan.waves[first]];
    }),
  );
}

function phasesOf(
  wave: string,
  bound: BoundPlan,
  guardedIn: Waves,
  onFailure: StepsPhase['onFailure'],
): Phase[] {
  const targets = bound.targets.filter((target) => target.planned.wave === wave);
  const services = bound.services.filter((service) => service.planned.wave === wave);
  const { concurrency } = bound.plan;
  const phase = (id: string, title: string, steps: StepsPhase['steps']): StepsPhase => ({
    kind: 'steps',
    id: `${id}:${wave}`,
    title: `${title} (${wave})`,
    steps,
    concurrency,
    onFailure,
  });
  const guarded = bound.services.filter(
    (service) =>
      guardedIn.get(service) === wave && (service.reload !== undefined || service.checks.length > 0),
  );
  const reloads = services.flatMap(({ planned, reload: action }) =>
    action === undefined ? [] : reload(planned.name, action),
  );
  const checks = services.flatMap((service) => service.checks.map((check) => checkWithNewKey(check)));
  // Rolling back a contained leak must not wait for services to work with a dead key.
  const guards =
    bound.plan.mode === 'contain'
      ? []
      : guarded.map((service) => guardService(service.planned.name, service.reload, service.checks));
  return [
    phase('guard', 'Guard services', guards),
    phase('push', 'Push the new key', targets.map(push)),
    phase('reload', 'Reload services', reloads),
    phase('check', 'Check services', checks),
  ];
}
