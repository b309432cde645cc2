import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { openGitlab } from '../../lib/gitlab/gitlab-client.ts';
import type { GitlabCiOptions } from './options.ts';
import { ownScopes } from './own-scopes.ts';
import { type Place, placeOf } from './place.ts';
import { preflightSlot } from './preflight.ts';
import { restoreVariables } from './restore-variables.ts';
import { type VariablesApi, variablesApi } from './variables-api.ts';
import { askWhoami } from './whoami.ts';
import { writeVariables } from './write-variables.ts';

export async function openGitlabCiStore(options: GitlabCiOptions, open: OpenContext): Promise<Store> {
  const client = await openGitlab(options, open);
  const scopes = ownScopes(client);
  const subjectOf = (slot: Slot): string => `${open.name}/${slot.ref}`;

  const openPlace = (slot: Slot): { readonly api: VariablesApi; readonly place: Place } => {
    const subject = subjectOf(slot);
    const place = placeOf(slot.ref, options.environmentScope, subject);
    return { place, api: variablesApi(client, place, subject) };
  };
  const surroundingsOf = (slot: Slot, signal: AbortSignal) => {
    const { api, place } = openPlace(slot);
    return { api, kind: place.kind, subject: subjectOf(slot), signal };
  };

  return {
    whoami: (ctx) => askWhoami(client, ctx.signal),

    preflight: (slot, ctx) =>
      preflightSlot(slot, {
        open: () => openPlace(slot),
        scopes,
        subject: subjectOf(slot),
        signal: ctx.signal,
      }),

    read: async (slot, ctx) => {
      const { api } = openPlace(slot);
      const found = await Promise.all(slot.fields.map((field) => api.get(field, ctx.signal)));
      if (found.every((variable) => variable === undefined)) return undefined;
      // Half a pair that is shown is none: it would be taken for the whole.
      if (found.some((variable) => variable?.hidden === true)) return { fields: {}, version: undefined };
      const fields = found.flatMap((variable): [string, Secret][] =>
        variable?.value === undefined ? [] : [[variable.key, variable.value]],
      );
      return { fields: Object.fromEntries(fields), version: undefined };
    },

    // GitLab has no compare-and-set: the engine reads right before, and right after.
    write: async (slot, values, _expected, ctx) => {
      await writeVariables(slot, values, surroundingsOf(slot, ctx.signal));
      return { version: undefined };
    },

    restore: (slot, restoration, ctx) =>
      restoreVariables(slot, restoration, surroundingsOf(slot, ctx.signal)),

    close: async () => client.close(),
  };
}
