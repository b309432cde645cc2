import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import { openCircleci } from '../../lib/circleci/circleci-client.ts';
import { oldValues } from '../../lib/store/old-values.ts';
import { contextVariables } from './context-variables.ts';
import { contextIds } from './find-context.ts';
import type { CircleciOptions } from './options.ts';
import { placeOf } from './place.ts';
import { preflightSlot } from './preflight.ts';
import { projectVariables } from './project-variables.ts';
import { storedSecret } from './stored-secret.ts';
import type { VariablesApi } from './variables-api.ts';
import { askWhoami } from './whoami.ts';
import { writeVariables } from './write-variables.ts';

export async function openCircleciStore(options: CircleciOptions, open: OpenContext): Promise<Store> {
  const client = await openCircleci(options, open);
  const idOf = contextIds(client, options.organization);
  const subjectOf = (slot: Slot): string => `${open.name}/${slot.ref}`;

  const apiOf = (slot: Slot): VariablesApi => {
    const subject = subjectOf(slot);
    const place = placeOf(slot.ref, subject);
    if (place.kind === 'project') return projectVariables(client, place.slug, subject);
    if (place.kind === 'context') return contextVariables(client, async () => place.id, subject);
    return contextVariables(client, (signal) => idOf(place.name, subject, signal), subject);
  };

  return {
    whoami: (ctx) => askWhoami(client, ctx.signal),

    preflight: (slot, ctx) =>
      preflightSlot(slot, { open: () => apiOf(slot), place: subjectOf(slot), signal: ctx.signal }),

    read: async (slot, ctx) => storedSecret(slot, await apiOf(slot).list(ctx.signal)),

    // CircleCI has no compare-and-set, and a stamp from before a lost answer would refuse our own second try.
    write: async (slot, values, _expected, ctx) => {
      await writeVariables(slot, values, { api: apiOf(slot), place: subjectOf(slot), signal: ctx.signal });
      // Whoever asked for the write looks at the stamps next: one look is enough.
      return { version: undefined };
    },

    restore: async (slot, restoration, ctx) => {
      const place = subjectOf(slot);
      const values = oldValues(restoration, place, 'CircleCI');
      await writeVariables(slot, values, { api: apiOf(slot), place, signal: ctx.signal });
    },

    close: async () => client.close(),
  };
}
