import { ux } from '@oclif/core/ux';
import type { RotationReport } from '../../app/report.ts';
import { renderEvidence } from './render-evidence.ts';
import { renderLive } from './render-live.ts';
import { renderToDo } from './render-to-do.ts';

/** What happened, what is live now, and what to do next: in this order, always. */
export function renderReport(report: RotationReport): string {
  const color = report.exitCode === 0 ? 'green' : report.exitCode === 6 ? 'yellow' : 'red';
  const lines = [`${ux.colorize(color, report.message)}`, `  rotation  ${report.rotationId}`];
  lines.push(...renderLive(report.live));
  if (report.error !== null) lines.push(`  hint      ${report.error.hint}`);
  if (report.evidence.length > 0) lines.push(renderEvidence(report.evidence));
  lines.push(...renderToDo(report.instructions));
  if (report.next.length > 0)
    lines.push(ux.colorize('bold', 'Next'), ...report.next.map((command) => `  ${command}`));
  return lines.join('\n');
}
