import { RotationError } from '../core/errors/rotation-error.ts';
import type { Finding } from '../core/finding.ts';

/** Preflight found something that stops a rotation; carries every finding, and each is shown. */
export class PreflightRefusal extends RotationError {
  readonly findings: readonly Finding[];

  constructor(key: string, findings: readonly Finding[]) {
    const errors = findings.filter((finding) => finding.severity === 'error').length;
    super('REFUSED', {
      subject: `rotation of ${key}`,
      reason: `preflight found ${errors} ${errors === 1 ? 'reason' : 'reasons'} not to begin`,
      hint: `Nothing was touched. Remove the reasons and run the command again; \`keyturn plan ${key}\` only looks.`,
    });
    this.findings = findings;
  }
}
