import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';
import { openBitbucket } from './bitbucket-client.ts';
import { variablePaths } from './find-environment.ts';
import type { BitbucketOptions } from './options.ts';
import { placeOf } from './place.ts';
import { preflightSlot } from './preflight.ts';
import { type VariablesApi, variablesApi } from './variables-api.ts';
import { askWhoami } from './whoami.ts';
import { restoreVariables, writeVariables } from './write-variables.ts';

export async function openBitbucketStore(options: BitbucketOptions, open: OpenContext): Promise<Store> {
  const client = await openBitbucket(options, open);
  const { shown } = options;
  const find = variablePaths(client);
  const subjectOf = (slot: Slot): string => `${open.name}/${slot.ref}`;
  const apiOf = (slot: Slot): VariablesApi => {
    const subject = subjectOf(slot);
    const place = placeOf(slot.ref, subject);
    return variablesApi(client, (signal) => find(place, subject, signal), subject);
  };

  return {
    whoami: (ctx) => askWhoami(client, options, ctx.signal),

    preflight: (slot, ctx) =>
      preflightSlot(slot, { open: () => apiOf(slot), place: subjectOf(slot), shown, signal: ctx.signal }),

    read: async (slot, ctx) => {
      const variables = await unlessMissing(() => apiOf(slot).list(ctx.signal));
      const there = variables?.some(({ key }) => slot.fields.includes(key));
      return there === true ? { fields: {}, version: undefined } : undefined;
    },

    write: async (slot, values, _expected, { signal }) => {
      await writeVariables(slot, values, { api: apiOf(slot), place: subjectOf(slot), shown, signal });
      return { version: undefined };
    },

    restore: async (slot, restoration, { signal }) =>
      restoreVariables(slot, restoration, { api: apiOf(slot), place: subjectOf(slot), shown, signal }),

    close: async () => client.close(),
  };
}
