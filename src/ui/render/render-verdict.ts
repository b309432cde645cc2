import { ux } from '@oclif/core/ux';
import type { RehearsalVerdict } from '../../app/rehearse/rehearse.ts';

export function renderVerdict(verdict: RehearsalVerdict): string {
  const lines = [ux.colorize('bold', 'After the rehearsal')];
  for (const [target, key] of Object.entries(verdict.holds)) lines.push(`  ${key.padEnd(5)} ${target}`);
  if (verdict.liveKeys !== null) lines.push(`  keys live at the issuer: ${verdict.liveKeys}`);
  for (const fault of verdict.faults.struck) lines.push(`  fault struck: ${fault}`);
  for (const fault of verdict.faults.missed)
    lines.push(`  ${ux.colorize('yellow', 'fault never struck')}: ${fault} (no such step ran)`);
  if (verdict.resumes > 0)
    lines.push(`  killed and resumed ${verdict.resumes} ${verdict.resumes === 1 ? 'time' : 'times'}`);
  lines.push(`  ${verdict.report.message}`, ux.colorize(verdict.safe ? 'green' : 'red', verdict.message));
  return lines.join('\n');
}
