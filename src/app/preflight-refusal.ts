import { RotationError } from '../core/errors/rotation-error.ts';
import type { Finding } from '../core/finding.ts';

/** Preflight found something that stops a rotation; carries every finding. */
export class PreflightRefusal extends RotationError {
  readonly findings: readonly Finding[];

  constructor(key: string, findings: readonly Finding[]) {
    const errors = findings.filter((finding) => finding.severity === 'error');
    const first = errors[0];
    super('REFUSED', {
      subject: `rotation of ${key}`,
      reason: `preflight found ${errors.length} ${errors.length === 1 ? 'reason' : 'reasons'} not to begin${first === undefined ? '' : `, the first: ${first.subject}: ${first.message}`}`,
      hint: `Nothing was touched. See all with \`keyturn plan ${key}\`, then run the command again.`,
    });
    this.findings = findings;
  }
}
