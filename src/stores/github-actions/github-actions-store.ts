import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { openGithub } from '../../lib/github/github-client.ts';
import { oldValues } from '../../lib/store/old-values.ts';
import type { GithubActionsOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { scopeOf } from './scope.ts';
import { nameProblem, storedName } from './secret-name.ts';
import { createSecretsApi, type SecretFacts, type SecretsApi } from './secrets-api.ts';
import { storedSecret } from './stamp.ts';
import { askWhoami } from './whoami.ts';
import { writeSecrets } from './write-secrets.ts';

export async function openGithubActionsStore(
  options: GithubActionsOptions,
  open: OpenContext,
): Promise<Store> {
  const { name, clock } = open;
  const client = await openGithub(options, open);
  const placeOf = (slot: Slot): string => `${name}/${slot.ref}`;
  const apiOf = (slot: Slot): SecretsApi =>
    createSecretsApi(client, scopeOf(slot.ref, placeOf(slot)), placeOf(slot));

  return {
    whoami: (ctx) => askWhoami(client, options, ctx.signal),

    preflight: (slot, ctx) => preflightSlot(slot, { client, place: placeOf(slot), signal: ctx.signal }),

    read: async (slot, ctx) => {
      const api = apiOf(slot);
      const stamps = new Map<string, SecretFacts>();
      for (const field of slot.fields) {
        if (nameProblem(field, slot.fields) !== undefined) continue;
        const facts = await api.describe(storedName(field), ctx.signal);
        if (facts !== undefined) stamps.set(field, facts);
      }
      return storedSecret(stamps);
    },

    // GitHub has no compare-and-set, and a stamp from before a lost answer would refuse our own second try.
    write: async (slot, values, _expected, ctx) => {
      const api = apiOf(slot);
      const details = await writeSecrets(slot, values, {
        api,
        place: placeOf(slot),
        clock,
        signal: ctx.signal,
      });
      // Whoever asked for the write looks at the stamps next: one look is enough.
      return { version: undefined, details };
    },

    restore: async (slot, restoration, ctx) => {
      const place = placeOf(slot);
      const values = oldValues(restoration, place, 'GitHub');
      await writeSecrets(slot, values, { api: apiOf(slot), place, clock, signal: ctx.signal });
    },

    close: async () => client.close(),
  };
}
