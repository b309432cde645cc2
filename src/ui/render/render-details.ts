import { ux } from '@oclif/core/ux';
import type { RotationDetails } from '../../app/rotation-listing.ts';

const SHOWN = 60;

export function renderDetails(details: RotationDetails): string {
  const { oldKey, newKey, targets } = details.live;
  const lines = [
    `${ux.colorize('bold', details.rotationId)}  ${details.key}  ${details.status}`,
    `  begun     ${details.startedAt}, last change ${details.updatedAt}`,
    `  old key   ${oldKey.state}${oldKey.id === null ? '' : ` (${oldKey.id})`}`,
    `  new key   ${newKey.state}${newKey.id === null ? '' : ` (${newKey.id})`}`,
    `  targets   ${targets.holdNew} of ${targets.total} hold the new key`,
    '',
    ux.colorize('bold', 'Targets'),
    ...details.targets
      .slice(0, SHOWN)
      .map((target) => `  ${target.status.padEnd(16)} ${target.id} (${target.wave})`),
  ];
  if (details.targets.length > SHOWN)
    lines.push(`  … and ${details.targets.length - SHOWN} more; see --json`);
  if (details.services.length > 0) lines.push('', ux.colorize('bold', 'Services'));
  for (const service of details.services.slice(0, SHOWN)) {
    const steps = Object.entries(service.steps).map(([id, status]) => `${id.split(':')[0]} ${status}`);
    lines.push(
      `  ${service.name}: ${steps.length === 0 ? 'not yet' : steps.join(', ')}${service.owner === null ? '' : ` (owner ${service.owner})`}`,
    );
  }
  for (const problem of details.problems.slice(0, SHOWN)) {
    lines.push(
      '',
      `${ux.colorize('red', problem.step)} ${problem.status}: ${problem.message}`,
      `  ${problem.hint}`,
    );
  }
  if (details.next.length > 0)
    lines.push('', ux.colorize('bold', 'Next'), ...details.next.map((command) => `  ${command}`));
  return lines.join('\n');
}
