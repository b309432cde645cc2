import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CircleciClient } from '../../lib/circleci/circleci-client.ts';
import { readList } from '../../lib/circleci/read-list.ts';
import { unlessMissing } from '../../lib/store/unless-missing.ts';
import type { VariableFacts, VariablesApi } from './variables-api.ts';

/** Gives the id of a context; undefined when there is none of its name. */
export type FindContext = (signal: AbortSignal) => Promise<string | undefined>;

/** Variables of a context: CircleCI tells when each was updated, and nothing of its value that could be relied on. */
export function contextVariables(client: CircleciClient, find: FindContext, place: string): VariablesApi {
  const pathOf = (id: string): string => `/context/${id}/environment-variable`;
  return {
    list: async (signal) => {
      const id = await find(signal);
      if (id === undefined) return undefined;
      const about = { subject: place, action: 'list the variables of the context' };
      const items = await unlessMissing(() => readList(client, { path: pathOf(id) }, about, signal));
      return items && new Map(items.map((item) => [String(item['variable']), factsOf(item)]));
    },

    put: async (name, value, signal) => {
      const about = { subject: `${place}#${name}`, action: 'write the variable', effect: 'write' } as const;
      const id = await find(signal);
      if (id === undefined) throw new RotationError('NOT_FOUND', { ...about, reason: 'the context is gone' });
      const path = `${pathOf(id)}/${encodeURIComponent(name)}`;
      const told = await client.ask(
        { ...about, method: 'PUT', path, body: { value: value.reveal() } },
        signal,
      );
      if (told['variable'] === name) return;
      throw new RotationError('INDETERMINATE', { ...about, reason: 'the answer is about another variable' });
    },
  };
}

function factsOf(item: Readonly<Record<string, unknown>>): VariableFacts {
  const told = item['updated_at'];
  const updatedAt = typeof told === 'string' ? told : undefined;
  return { stamp: updatedAt, updatedAt };
}
