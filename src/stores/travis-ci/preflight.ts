import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import type { EnvVar, EnvVarsApi } from './env-vars-api.ts';
import { labelOf, pickVariable } from './pick-variable.ts';

/** Everything that would stop a write, for each variable of the slot. */
export async function preflightSlot(
  slot: Slot,
  {
    open,
    place,
    signal,
  }: { readonly open: () => EnvVarsApi; readonly place: string; readonly signal: AbortSignal },
): Promise<SlotReport> {
  const findings = await reported(place, async () => {
    const variables = await open().list(signal);
    return slot.fields.flatMap((field) => lookAt(field, variables, `${place}#${field}`));
  });
  return { findings, restore: 'value', cas: false };
}

function lookAt(field: string, variables: readonly EnvVar[], subject: string): Finding[] {
  const picked = pickVariable(field, variables);
  if (!('variable' in picked)) {
    const { code, reason: message, hint } = picked;
    return [{ severity: 'error', code, subject, message, hint }];
  }
  if (picked.variable.writable !== false) return [];
  return [
    {
      severity: 'error',
      code: 'PERMISSION_DENIED',
      subject,
      message: `the user of this token may see ${labelOf(picked.variable)}, but not write it`,
      hint: 'Give the user write access to the repository.',
    },
  ];
}
