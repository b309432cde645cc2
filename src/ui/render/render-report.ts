import { ux } from '@oclif/core/ux';
import type { RotationReport } from '../../app/report.ts';
import { renderEvidence } from './render-evidence.ts';

/** What happened, what is live now, and what to do next: in this order, always. */
export function renderReport(report: RotationReport): string {
  const color = report.exitCode === 0 ? 'green' : report.exitCode === 6 ? 'yellow' : 'red';
  const lines = [`${ux.colorize(color, report.message)}`, `  rotation  ${report.rotationId}`];
  const { oldKey, newKey, targets } = report.live;
  lines.push(`  old key   ${oldKey.state}${oldKey.id === null ? '' : ` (${oldKey.id})`}`);
  lines.push(`  new key   ${newKey.state}${newKey.id === null ? '' : ` (${newKey.id})`}`);
  lines.push(
    `  targets   ${targets.holdNew} of ${targets.total} hold the new key${unclear(targets.unclear)}`,
  );
  if (report.error !== null) lines.push(`  hint      ${report.error.hint}`);
  if (report.evidence.length > 0) lines.push(renderEvidence(report.evidence));
  if (report.instructions.length > 0) {
    lines.push(
      ux.colorize('bold', 'To do'),
      ...report.instructions.map((line, index) => `  ${index + 1}. ${line}`),
    );
  }
  if (report.next.length > 0)
    lines.push(ux.colorize('bold', 'Next'), ...report.next.map((command) => `  ${command}`));
  return lines.join('\n');
}

function unclear(ids: readonly string[]): string {
  if (ids.length === 0) return '';
  const shown = ids.slice(0, 3).join(', ');
  return `; not clear: ${ids.length > 3 ? `${shown} and ${ids.length - 3} more` : shown}`;
}
