import type { Credential } from '../../core/credential.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { KeyRecord } from '../../core/plugins/issuer.ts';

export interface PreflightQuestions {
  readonly subject: string;
  readonly maxKeys: number | undefined;
  /** Whether a step will have to name the old key. */
  readonly needsKeyId: boolean;
  readonly validate: (key: Credential) => void;
  readonly keyIdOf: (key: Credential) => string | undefined;
  readonly listKeys: (() => Promise<readonly KeyRecord[]>) | undefined;
}

/** A declared issuer tells little of its permissions; what can be asked is asked, and all of it is reported. */
export async function preflightFindings(
  oldKey: Credential,
  questions: PreflightQuestions,
): Promise<readonly Finding[]> {
  const { subject } = questions;
  const findings: Finding[] = [];
  await reported(findings, subject, () => questions.validate(oldKey));
  if (questions.needsKeyId && questions.keyIdOf(oldKey) === undefined) {
    findings.push({
      severity: 'error',
      code: 'NOT_FOUND',
      subject,
      message: 'the id of the old key is not in its material, so it could not be switched off',
      hint: 'Check `keyId`; where the id is a part of its own, keep it beside the value or give it with `current`.',
    });
  }
  await reported(findings, subject, async () => {
    const count = (await questions.listKeys?.())?.length ?? 0;
    if (questions.maxKeys === undefined || count < questions.maxKeys) return;
    findings.push({
      severity: 'error',
      code: 'LIMIT_REACHED',
      subject,
      message: `there are ${count} keys and ${questions.maxKeys} are allowed`,
      hint: 'Delete a key that nobody uses.',
    });
  });
  return findings;
}

async function reported(
  findings: Finding[],
  subject: string,
  look: () => void | Promise<void>,
): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    findings.push({ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint });
  }
}
