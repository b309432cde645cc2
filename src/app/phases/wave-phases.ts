import type { Phase, StepsPhase } from '../../core/phase.ts';
import { checkWithNewKey } from '../../steps/check.ts';
import { guardService } from '../../steps/guard-service.ts';
import { push } from '../../steps/push.ts';
import { reload } from '../../steps/reload.ts';
import type { BoundPlan } from '../plan/bound-plan.ts';

/** Per wave: guard the services, push to all targets, reload, check. */
export function wavePhases(bound: BoundPlan, onFailure: StepsPhase['onFailure']): Phase[] {
  return bound.plan.waves.flatMap((wave) => phasesOf(wave, bound, onFailure));
}

function phasesOf(wave: string, bound: BoundPlan, onFailure: StepsPhase['onFailure']): Phase[] {
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
  const guarded = services.filter((service) => service.reload !== undefined || service.checks.length > 0);
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
