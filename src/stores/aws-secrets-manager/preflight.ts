import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import { parseArn } from '../../lib/aws/arn.ts';
import type { Caller } from './caller.ts';
import { fieldOf } from './json-text.ts';
import { stateFindings } from './secret-state.ts';
import type { SecretsApi } from './secrets-api.ts';

interface Inquiry {
  readonly api: SecretsApi;
  readonly caller: Caller;
  readonly slot: Slot;
  readonly subject: string;
  readonly signal: AbortSignal;
}

const NEEDED = ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'] as const;

/** Everything that would stop a push or a rollback, at once. @throws RotationError what may be asked again, and ABORTED */
export async function preflightSlot(inquiry: Inquiry): Promise<SlotReport> {
  const findings = [
    ...(await reported(inquiry, () => regionFindings(inquiry))),
    ...(await reported(inquiry, () => secretFindings(inquiry))),
    ...(await reported(inquiry, () => valueFindings(inquiry))),
  ];
  return { findings, restore: 'version', cas: true };
}

async function regionFindings({ api, slot, subject }: Inquiry): Promise<Finding[]> {
  const there = parseArn(slot.ref)?.region;
  if (there === undefined) return [];
  const here = await api.region();
  if (here === there) return [];
  const message = `the secret is in ${there}; this connection is for ${here}`;
  return [{ severity: 'error', code: 'CONFIG_INVALID', subject, message, hint: `Set \`region: ${there}\`.` }];
}

async function secretFindings(inquiry: Inquiry): Promise<Finding[]> {
  const { api, slot, subject, signal } = inquiry;
  const found = await api.describe(slot.ref, signal);
  if (found === undefined) {
    const message = 'no such secret in this account and region';
    const hint =
      'Check `ref` and `region`. keyturn does not create secrets: their KMS key and policy are yours.';
    return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
  }
  return [
    ...stateFindings(found, subject, await api.region()),
    ...(await permissionFindings(inquiry, found.arn)),
  ];
}

async function permissionFindings({ caller, subject, signal }: Inquiry, arn: string): Promise<Finding[]> {
  const verdict = await caller.simulate(NEEDED, arn, signal);
  if (!verdict.known) {
    const message = `IAM does not tell in advance whether ${NEEDED.join(' and ')} are allowed: ${verdict.reason}`;
    return [{ severity: 'info', code: 'PERMISSION_DENIED', subject, message }];
  }
  return verdict.denied.map(({ action, explicit }) => ({
    // The secret's own policy can allow what nothing denies, and a simulation does not see it.
    severity: explicit ? 'error' : 'warning',
    code: 'PERMISSION_DENIED',
    subject,
    message: explicit ? `a policy denies ${action}` : `no policy of the identity allows ${action}`,
    hint: `Allow ${action} on ${arn}.`,
  }));
}

async function valueFindings({ api, slot, subject, signal }: Inquiry): Promise<Finding[]> {
  const found = await api.read(slot.ref, undefined, signal);
  // A missing secret has been reported by then, and so has one without a current version.
  if (found === undefined) return [];
  if (found.text === undefined) {
    const message = 'it is a binary secret; keyturn writes text only';
    return [{ severity: 'error', code: 'REFUSED', subject, message }];
  }
  const { text } = found;
  return slot.fields
    .filter((field) => field !== WHOLE)
    .flatMap((field) => fieldFindings(text, field, subject));
}

function fieldFindings(text: string, field: string, subject: string): Finding[] {
  const found = fieldOf(text, field);
  if (!found.usable) return [{ severity: 'error', code: 'REFUSED', subject, message: found.reason }];
  if (found.text !== undefined && found.text !== '') return [];
  const message = `the secret has no value under "${field}"; a push would add it`;
  return [
    { severity: 'warning', code: 'NOT_FOUND', subject, message, hint: 'Check the spelling of `field`.' },
  ];
}

/** A refusal is a finding; what may pass is thrown, so that it is asked again. */
async function reported({ subject }: Inquiry, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!isRotationError(error) || error.retryable || error.code === 'ABORTED') throw error;
    return [{ severity: 'error', code: error.code, subject, message: error.message, hint: error.hint }];
  }
}
