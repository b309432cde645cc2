import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';
import { type EnvVarsApi, envVarsApi } from './env-vars-api.ts';
import { createTurns } from './in-turn.ts';
import type { TravisOptions } from './options.ts';
import { meantBy } from './pick-variable.ts';
import { preflightSlot } from './preflight.ts';
import { openTravis } from './travis-client.ts';
import { askWhoami } from './whoami.ts';
import { restoreVariables, writeVariables } from './write-variables.ts';

export async function openTravisStore(options: TravisOptions, open: OpenContext): Promise<Store> {
  const client = await openTravis(options, open);
  const { shown } = options;
  const inTurn = createTurns();
  const placeOf = (slot: Slot): string => `${open.name}/${slot.ref}`;
  const apiOf = (slot: Slot): EnvVarsApi => envVarsApi(client, slot.ref, placeOf(slot));

  const writingTo = (slot: Slot, { signal }: CallContext) => ({
    api: apiOf(slot),
    place: placeOf(slot),
    shown,
    signal,
  });
  // Two writes to one repository at the same time could lose one: they share a document.
  const alone = (slot: Slot, work: () => Promise<void>): Promise<void> =>
    inTurn(slot.ref.toLowerCase(), work);

  return {
    whoami: (ctx) => askWhoami(client, { name: open.name, address: options.address }, ctx.signal),

    preflight: (slot, ctx) =>
      preflightSlot(slot, { open: () => apiOf(slot), place: placeOf(slot), shown, signal: ctx.signal }),

    read: async (slot, ctx) => {
      const variables = (await unlessMissing(() => apiOf(slot).list(ctx.signal))) ?? [];
      const there = slot.fields.some((field) => (meantBy(field, variables) ?? []).length > 0);
      return there ? { fields: {}, version: undefined } : undefined;
    },

    write: async (slot, values, _expected, ctx) => {
      await alone(slot, async () => writeVariables(slot, values, writingTo(slot, ctx)));
      return { version: undefined };
    },

    restore: (slot, restoration, ctx) =>
      alone(slot, async () => restoreVariables(slot, restoration, writingTo(slot, ctx))),

    close: async () => client.close(),
  };
}
