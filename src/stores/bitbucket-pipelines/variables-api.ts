import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import type { BitbucketClient, BitbucketObject } from './bitbucket-client.ts';
import { readList } from './read-list.ts';

/** A variable as Bitbucket describes it. */
export interface Variable {
  /** In curly braces. Variables are addressed by it, not by their name. */
  readonly uuid: string;
  readonly key: string;
  /** Its value is given to nobody, and blanked out in logs. */
  readonly secured: boolean;
  /** Of one that is not secured: a word like any other, and none to redact. */
  readonly value: string | undefined;
}

/** The variables of one place. Every method throws RotationErrors only. */
export interface VariablesApi {
  /** To the last page. @throws RotationError NOT_FOUND when the place is not to be seen */
  list(signal: AbortSignal): Promise<readonly Variable[]>;
  /** Overwrites the value; secured stays secured, and shown stays shown. */
  setValue(variable: Variable, value: Secret, signal: AbortSignal): Promise<void>;
}

export function variablesApi(
  client: BitbucketClient,
  find: (signal: AbortSignal) => Promise<string>,
  place: string,
): VariablesApi {
  return {
    list: async (signal) => {
      const about = { subject: place, action: 'list the variables' };
      return (await readList(client, await find(signal), about, signal)).map(variableIn);
    },

    setValue: async ({ uuid, key, secured }, value, signal) => {
      const about = { subject: `${place}#${key}`, action: 'write the variable', effect: 'write' } as const;
      const path = `${await find(signal)}/${encodeURIComponent(uuid)}`;
      // All of it: what is left out, Bitbucket would set back.
      const body = { type: 'pipeline_variable', uuid, key, value: value.reveal(), secured };
      const now = variableIn(await client.ask({ ...about, method: 'PUT', path, body }, signal));
      if (now.uuid === uuid && now.key === key && now.secured === secured) return;
      throw new RotationError('INDETERMINATE', {
        ...about,
        reason:
          secured && !now.secured
            ? 'the variable is not secured any more, and shows its value'
            : 'the answer is about another variable',
      });
    },
  };
}

function variableIn({ uuid, key, secured, value }: BitbucketObject): Variable {
  // Only a clear yes is one: a value must not be written where it is shown.
  return {
    uuid: String(uuid),
    key: String(key),
    secured: secured === true,
    value: secured !== true && typeof value === 'string' ? value : undefined,
  };
}
