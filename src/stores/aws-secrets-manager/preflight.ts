import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { parseArn } from '../../lib/aws/arn.ts';
import type { Caller } from '../../lib/aws/caller.ts';
import { permissionFindings } from '../../lib/aws/permission-findings.ts';
import { reported } from '../../lib/store/reported.ts';
import { textFindings } from '../../lib/store/text-findings.ts';
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
    ...(await reported(inquiry.subject, () => regionFindings(inquiry))),
    ...(await reported(inquiry.subject, () => secretFindings(inquiry))),
    ...(await reported(inquiry.subject, () => valueFindings(inquiry))),
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
  const { api, caller, slot, subject, signal } = inquiry;
  const found = await api.describe(slot.ref, signal);
  if (found === undefined) {
    const message = 'no such secret in this account and region';
    const hint =
      'Check `ref` and `region`. keyturn does not create secrets: their KMS key and policy are yours.';
    return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
  }
  return [
    ...stateFindings(found, subject, await api.region()),
    ...(await permissionFindings(caller, { actions: NEEDED, resource: found.arn }, inquiry)),
  ];
}

async function valueFindings({ api, slot, subject, signal }: Inquiry): Promise<Finding[]> {
  const found = await api.read(slot.ref, undefined, signal);
  // A missing secret has been reported by then, and so has one without a current version.
  if (found === undefined) return [];
  if (found.text === undefined) {
    const message = 'it is a binary secret; keyturn writes text only';
    return [{ severity: 'error', code: 'REFUSED', subject, message }];
  }
  return textFindings(slot, found.text, subject);
}
