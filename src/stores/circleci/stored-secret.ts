import type { Slot, StoredSecret } from '../../core/plugins/store.ts';
import type { VariableFacts, Variables } from './variables-api.ts';

/**
 * The stamps of all variables of the slot are its version: where one has none, the others do not speak for it. The latest
 * update is its own. Of values nothing is told.
 */
export function storedSecret(slot: Slot, variables: Variables | undefined): StoredSecret | undefined {
  const found = [...slot.fields].sort().flatMap((field): readonly (VariableFacts & { field: string })[] => {
    const facts = variables?.get(field);
    return facts === undefined ? [] : [{ field, ...facts }];
  });
  if (found.length === 0) return undefined;
  const stamps = found.flatMap(({ field, stamp }) => (stamp === undefined ? [] : [`${field}=${stamp}`]));
  const times = found.flatMap(({ updatedAt }) => (updatedAt === undefined ? [] : [updatedAt]));
  const latest = times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
  return {
    fields: {},
    version: stamps.length < found.length ? undefined : stamps.join('&'),
    ...(latest === undefined ? {} : { updatedAt: latest }),
  };
}
