import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import type { EnvVarsApi } from './env-vars-api.ts';
import { labelOf, type Picked, pickVariable } from './pick-variable.ts';

/** Everything that would stop a write, for each variable of the slot. */
export async function preflightSlot(
  slot: Slot,
  {
    open,
    place,
    shown,
    signal,
  }: {
    readonly open: () => EnvVarsApi;
    readonly place: string;
    readonly shown: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<SlotReport> {
  const findings = await reported(place, async () => {
    const variables = await open().list(signal);
    return slot.fields.flatMap((field) => lookAt(pickVariable(field, variables, shown), `${place}#${field}`));
  });
  return { findings, restore: 'value', cas: false };
}

function lookAt(picked: Picked, subject: string): Finding[] {
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
