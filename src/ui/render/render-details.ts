import { ux } from '@oclif/core/ux';
import type { RotationDetails } from '../../app/rotation-listing.ts';
import { renderLive } from './render-live.ts';
import { renderToDo } from './render-to-do.ts';

const SHOWN = 60;

export function renderDetails(details: RotationDetails): string {
  const lines = [
    `${ux.colorize('bold', details.rotationId)}  ${details.key}  ${details.status}`,
    `  begun     ${details.startedAt}, last change ${details.updatedAt}`,
    ...renderLive(details.live),
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
  if (details.instructions.length > 0) lines.push('', ...renderToDo(details.instructions));
  if (details.next.length > 0)
    lines.push('', ux.colorize('bold', 'Next'), ...details.next.map((command) => `  ${command}`));
  return lines.join('\n');
}
