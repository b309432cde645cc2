import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import type { ConjurClient } from '../../lib/conjur/conjur-client.ts';
import { type About, conjurError } from '../../lib/conjur/conjur-error.ts';
import { jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import { parseResource, type Resource } from './resource.ts';

export type Privilege = 'read' | 'execute' | 'update';

/** What Conjur offers for one variable. Every method throws RotationErrors only. */
export interface VariableApi {
  /** Versions and annotations, without the value. Undefined when it is absent or may not be seen: Conjur does not tell which. */
  describe(id: string, signal: AbortSignal): Promise<Resource | undefined>;
  /** The value of one version; undefined when that version does not exist (any more). Needs `execute`. */
  value(id: string, version: number, signal: AbortSignal): Promise<Secret | undefined>;
  /** Needs `update`. The value a variable already has makes no new version. */
  put(id: string, value: Secret, signal: AbortSignal): Promise<void>;
  allows(id: string, privilege: Privilege, signal: AbortSignal): Promise<boolean>;
}

export function createVariableApi(client: ConjurClient, name: string, account: string): VariableApi {
  // The id is one path segment, its slashes encoded.
  const path = (kind: 'secrets' | 'resources', id: string): string =>
    `/${kind}/${encodeURIComponent(account)}/variable/${encodeURIComponent(id)}`;
  const about = (id: string, action: string, effect: About['effect'], privilege?: Privilege): About => ({
    subject: `${name}/${id}`,
    action,
    effect,
    ...(privilege === undefined ? {} : { privilege }),
  });

  return {
    describe: async (id, signal) => {
      const what = about(id, 'look at the variable', 'read');
      const answer = await client.send({ ...what, method: 'GET', path: path('resources', id) }, signal);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw conjurError(answer, what);
      return parseResource(jsonOf(answer, what), what);
    },

    value: async (id, version, signal) => {
      const what = about(id, `read version ${version}`, 'read', 'execute');
      const url = `${path('secrets', id)}?version=${version}`;
      const answer = await client.send({ ...what, method: 'GET', path: url }, signal);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw conjurError(answer, what);
      // A value may be anything, so that only its type tells it from the page of a proxy or a login wall.
      if (answer.headers['content-type']?.startsWith('text/html') === true) throw strangeAnswer(answer, what);
      if (answer.body.includes('\uFFFD')) {
        const reason = 'its value is not UTF-8 text, and could not be put back as it was';
        throw new RotationError('REFUSED', { ...what, reason });
      }
      return answer.body === '' ? undefined : new Secret(answer.body);
    },

    put: async (id, value, signal) => {
      const what = about(id, 'write the variable', 'write', 'update');
      const answer = await client.send(
        {
          ...what,
          method: 'POST',
          path: path('secrets', id),
          headers: { 'content-type': 'application/octet-stream' },
          body: value.reveal(),
        },
        signal,
      );
      if (answer.status !== 201) throw conjurError(answer, what);
    },

    allows: async (id, privilege, signal) => {
      const what = about(id, `ask for the privilege ${privilege}`, 'read');
      const url = `${path('resources', id)}?check=true&privilege=${privilege}`;
      const answer = await client.send({ ...what, method: 'GET', path: url }, signal);
      if (answer.status === 204) return true;
      if (answer.status === 404 || answer.status === 403) return false;
      throw conjurError(answer, what);
    },
  };
}
