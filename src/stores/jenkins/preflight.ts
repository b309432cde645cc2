import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import { cascFinding } from './casc-finding.ts';
import type { CredentialApi } from './credential-api.ts';
import { placeOf } from './credential-place.ts';
import { definitionProblems } from './definition-problems.ts';

/**
 * Everything that would stop a write, as far as Jenkins lets see: it does not tell whether a user may update a
 * credential, and posting the definition back to find out would destroy the secret.
 */
export async function preflightSlot(
  slot: Slot,
  subject: string,
  look: {
    readonly api: CredentialApi;
    readonly hasCasc: (signal: AbortSignal) => Promise<boolean>;
    readonly signal: AbortSignal;
  },
): Promise<SlotReport> {
  const findings = await reported(subject, async () => {
    const place = placeOf(slot.ref, subject);
    const definition = await look.api.get(place, subject, look.signal);
    if (definition === undefined) return [absent(subject)];
    const problems = definitionProblems(definition, place.id, slot.fields).map(
      ({ code, message, hint }): Finding => ({ severity: 'error', code, subject, message, hint }),
    );
    const casc = place.store === 'system' && (await look.hasCasc(look.signal));
    return casc ? [...problems, cascFinding(subject)] : problems;
  });
  const usable = findings.every(({ severity }) => severity !== 'error');
  return { findings, restore: usable ? 'value' : 'none', cas: false };
}

function absent(subject: string): Finding {
  return {
    severity: 'error',
    code: 'NOT_FOUND',
    subject,
    message: 'there is no such credential, or this user may not see it: Jenkins answers the same',
    hint: 'Check store, domain (`_` is the global one) and id in `ref`, and grant Credentials/View and Credentials/Update.',
  };
}
