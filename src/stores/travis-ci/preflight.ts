import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import type { EnvVarsApi } from './env-vars-api.ts';
import { haveOneTwice, labelOf, ONE_TWICE, type Picked, pickVariable } from './pick-variable.ts';

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
    const picked = slot.fields.map((field) => pickVariable(field, variables, shown));
    const found = picked.flatMap((each, index) => lookAt(each, `${place}#${slot.fields[index]}`));
    if (!haveOneTwice(picked)) return found;
    return [...found, { severity: 'error', code: 'REFUSED', subject: place, message: ONE_TWICE }];
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
