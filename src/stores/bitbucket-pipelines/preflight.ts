import type { Finding } from '../../core/finding.ts';
import type { Slot, SlotReport } from '../../core/plugins/store.ts';
import { reported } from '../../lib/store/reported.ts';
import { pickVariable } from './pick-variable.ts';
import type { VariablesApi } from './variables-api.ts';

/** Everything that can be told before a write. Whether the token may write is not: Bitbucket answers no such question. */
export async function preflightSlot(
  slot: Slot,
  {
    open,
    place,
    shown,
    signal,
  }: {
    readonly open: () => VariablesApi;
    readonly place: string;
    readonly shown: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<SlotReport> {
  const findings = await reported(place, async () => {
    const variables = await open().list(signal);
    return slot.fields.flatMap((field): Finding[] => {
      const picked = pickVariable(field, variables, shown);
      if ('variable' in picked) return [];
      const { code, reason: message, hint } = picked;
      return [{ severity: 'error', code, subject: `${place}#${field}`, message, hint }];
    });
  });
  return { findings, restore: 'value', cas: false };
}
