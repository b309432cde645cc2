import { ux } from '@oclif/core/ux';
import type { PlannedTarget, PlanResult } from '../../app/plan/rotation-plan.ts';
import { renderFinding } from './render-finding.ts';

/** A screenful; the whole is in `--json` and `--out`. */
const SHOWN = 40;

const UNDO = {
  version: 'version brought back',
  value: 'old value written back (kept sealed)',
  none: 'NOT restorable by keyturn',
} as const;

/** What a rotation would do, wave by wave, and what speaks against it. */
export function renderPlan(result: PlanResult): string {
  const { plan } = result;
  const lines = [
    `${ux.colorize('bold', `Plan for ${plan.key}`)} (${plan.mode}), issuer ${plan.issuer.type}`,
    `  current key  ${plan.oldKeyId ?? 'not known'}${plan.principal === null ? '' : `, acts as ${plan.principal.display}`}`,
    `  new key      made by ${plan.issuer.type} when the rotation begins`,
  ];
  for (const wave of plan.waves) lines.push('', ...renderWave(result, wave));
  lines.push('', ...renderRetirement(result));
  if (result.findings.length > 0)
    lines.push('', ux.colorize('bold', 'Preflight'), ...result.findings.map(renderFinding));
  return lines.join('\n');
}

function renderWave({ plan }: PlanResult, wave: string): string[] {
  const targets = plan.targets.filter((target) => target.wave === wave);
  const services = plan.services.filter((service) => service.wave === wave);
  const lines = [ux.colorize('bold', `Wave ${wave}`)];
  for (const target of targets.slice(0, SHOWN)) lines.push(...renderTarget(target));
  if (targets.length > SHOWN) lines.push(`  … and ${targets.length - SHOWN} more targets`);
  for (const service of services.slice(0, SHOWN)) {
    const reload = service.reload === null ? 'no reload' : `reload by ${service.reload.type}`;
    const checks =
      service.checks.length === 0
        ? 'no check'
        : `checked by ${service.checks.map((check) => check.name).join(', ')}`;
    lines.push(
      `  service ${service.name}: ${reload}, ${checks}${service.owner === null ? '' : `, owner ${service.owner}`}`,
    );
  }
  if (services.length > SHOWN) lines.push(`  … and ${services.length - SHOWN} more services`);
  return lines;
}

function renderTarget(target: PlannedTarget): string[] {
  const now = target.fingerprints === null ? 'cannot be read' : Object.values(target.fingerprints).join(', ');
  const parts = Object.values(target.parts).join(', ');
  return [`  push ${target.id}`, `       now ${now}; writes the new ${parts}; undo: ${UNDO[target.restore]}`];
}

function renderRetirement({ plan, pointOfNoReturn }: PlanResult): string[] {
  const { policy } = plan;
  if (policy.deactivate === 'never')
    return [ux.colorize('bold', 'Retire'), '  the old key is left live (deactivate: never)'];
  const lines = [ux.colorize('bold', 'Retire')];
  if (policy.soakMs > 0 && policy.deactivate !== 'now') lines.push(`  soak ${seconds(policy.soakMs)}`);
  lines.push(
    policy.deactivate === 'ask'
      ? '  gate: asks, evidence first'
      : '  gate: opens by itself when all evidence passes',
  );
  lines.push('  deactivate the old key, prove it dead');
  if (policy.watch.forMs > 0)
    lines.push(`  watch for ${seconds(policy.watch.forMs)}, every ${seconds(policy.watch.everyMs)}`);
  if (policy.delete)
    lines.push(`  delete the old key${policy.graceMs > 0 ? ` after ${seconds(policy.graceMs)}` : ''}`);
  const none = 'none: everything can be taken back until the rotation ends';
  lines.push(
    `  point of no return: ${pointOfNoReturn === null ? none : ux.colorize('red', pointOfNoReturn)}`,
  );
  return lines;
}

function seconds(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const unit = units.find(([, size]) => ms >= size && ms % size === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
