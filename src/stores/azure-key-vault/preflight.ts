import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import { textFindings } from '../../lib/store/text-findings.ts';
import { placeOf } from './secret-name.ts';
import type { Attributes, VaultApi } from './vault-api.ts';

interface Inquiry {
  readonly api: VaultApi;
  readonly slot: Slot;
  /** The connection's name in the config. */
  readonly store: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal;
}

/** Everything that would stop a push or a rollback, at once. @throws RotationError what may be asked again, and ABORTED */
export async function preflightSlot(inquiry: Inquiry): Promise<SlotReport> {
  const subject = `${inquiry.store}/${inquiry.slot.ref}`;
  const findings = await reported(subject, () => secretFindings(inquiry, subject));
  return { findings, restore: 'version', cas: false };
}

async function secretFindings(
  { api, slot, store, now, signal }: Inquiry,
  subject: string,
): Promise<Finding[]> {
  const { name } = placeOf(slot, store);
  const found = await api.read(name, undefined, signal);
  if (found === undefined) {
    const message = 'no such secret in the vault';
    const hint =
      'Check `ref` and `address`. keyturn does not create secrets: their tags and dates are yours.';
    return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
  }
  if (found.managed) {
    const message = 'it belongs to a certificate, which Key Vault renews';
    const hint = 'Keep the key in a secret of its own.';
    return [{ severity: 'error', code: 'REFUSED', subject, message, hint }];
  }
  const message = 'Key Vault does not tell in advance whether secrets/set is allowed';
  return [
    ...dateFindings(found.attributes, now, subject),
    ...textFindings(slot, found.text, subject),
    { severity: 'info', code: 'PERMISSION_DENIED', subject, message },
  ];
}

const SOON_MS = 30 * 24 * 60 * 60 * 1000;

/** They are kept on the new version: an end that was meant for the old key, too. */
function dateFindings({ expiresOn, notBefore }: Attributes, now: number, subject: string): Finding[] {
  const findings: Finding[] = [];
  if (expiresOn !== undefined && expiresOn.getTime() < now + SOON_MS) {
    const verb = expiresOn.getTime() < now ? 'has expired' : 'expires';
    const message = `it ${verb} at ${expiresOn.toISOString()}, and the new version keeps that date`;
    const hint = 'Set another date first (`az keyvault secret set-attributes --expires`).';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint });
  }
  if (notBefore !== undefined && notBefore.getTime() > now) {
    const message = `it is not to be used before ${notBefore.toISOString()}, and the new version keeps that date`;
    const hint = 'Set another date first (`az keyvault secret set-attributes --not-before`).';
    findings.push({ severity: 'warning', code: 'REFUSED', subject, message, hint });
  }
  return findings;
}
