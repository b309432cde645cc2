import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { GithubClient } from '../../lib/github/github-client.ts';
import { githubError, wordsOf } from '../../lib/github/github-error.ts';
import { readList } from '../../lib/github/read-list.ts';
import { type About, recordIn, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import type { Scope } from './scope.ts';
import type { PublicKey } from './sealed-box.ts';

/** All that GitHub tells of a secret. */
export interface SecretFacts {
  /** ISO 8601, in whole seconds. */
  readonly updatedAt: string;
  /** GitHub's own time when it answered, in epoch ms; undefined where a proxy took it away. */
  readonly askedAt: number | undefined;
  /** Organisations only: which repositories may use it. */
  readonly visibility: Visibility | undefined;
}

export type Visibility = 'all' | 'private' | 'selected';

/** The secrets of one place. Every method throws RotationErrors only. */
export interface SecretsApi {
  /** Undefined when it is absent or may not be seen: GitHub does not always tell which. */
  describe(name: string, signal: AbortSignal): Promise<SecretFacts | undefined>;
  /** Whether a variable, which everybody with read access sees in plain text, has the name; undefined when we may not know. */
  isVariable(name: string, signal: AbortSignal): Promise<boolean | undefined>;
  publicKey(signal: AbortSignal): Promise<PublicKey>;
  /** Ids of the repositories that may use a secret of visibility `selected`, to the last page, as a PUT takes them. */
  selectedRepositories(name: string, signal: AbortSignal): Promise<readonly (number | string)[]>;
  /** Gives whether the secret was new. */
  put(name: string, body: JsonObject, signal: AbortSignal): Promise<{ readonly created: boolean }>;
}

export function createSecretsApi(client: GithubClient, scope: Scope, place: string): SecretsApi {
  const about = (subject: string, action: string, effect: About['effect']): About => ({
    subject,
    action,
    effect,
  });
  const at = (name: string): string => `${scope.path}/secrets/${name}`;

  return {
    describe: async (name, signal) => {
      const what = about(`${place}#${name}`, 'look at the secret', 'read');
      const answer = await client.send({ ...what, method: 'GET', path: at(name) }, signal);
      if (isAbsent(answer)) return undefined;
      if (answer.status !== 200) throw githubError(answer, what);
      const facts = recordIn(answer, what) as { updated_at?: unknown; visibility?: unknown };
      if (typeof facts.updated_at !== 'string') throw strangeAnswer(answer, what);
      const askedAt = Date.parse(answer.headers['date'] ?? '');
      return {
        updatedAt: facts.updated_at,
        askedAt: Number.isNaN(askedAt) ? undefined : askedAt,
        visibility: isVisibility(facts.visibility) ? facts.visibility : undefined,
      };
    },

    isVariable: async (name, signal) => {
      if (scope.variables === undefined) return false;
      const what = about(`${place}#${name}`, 'look for a variable of that name', 'read');
      const path = `${scope.variables}/variables/${name}`;
      const answer = await client.send({ ...what, method: 'GET', path }, signal);
      if (answer.status === 200) return true;
      if (isAbsent(answer)) return false;
      const error = githubError(answer, what);
      if (error.code === 'PERMISSION_DENIED') return undefined;
      throw error;
    },

    publicKey: async (signal) => {
      const what = about(place, 'fetch the key that secrets are encrypted with', 'read');
      const path = `${scope.path}/secrets/public-key`;
      const answer = await client.send({ ...what, method: 'GET', path }, signal);
      if (answer.status !== 200) throw githubError(answer, what);
      const { key_id: id, key } = recordIn(answer, what) as { key_id?: unknown; key?: unknown };
      if (typeof id !== 'string' || typeof key !== 'string' || Buffer.from(key, 'base64').length !== 32) {
        throw strangeAnswer(answer, what);
      }
      return { id, key };
    },

    selectedRepositories: async (name, signal) => {
      const list = { path: `${at(name)}/repositories`, member: 'repositories' };
      const what = { subject: `${place}#${name}`, action: 'see which repositories may use the secret' };
      const repositories = await readList(client, list, what, signal);
      const ids = repositories.map(({ id }) => {
        // Who is left out of the write loses access.
        if (typeof id === 'number') return id;
        throw new RotationError('UNAVAILABLE', {
          ...what,
          reason: 'the list has a repository without an id',
        });
      });
      // For Dependabot GitHub has long taken texts alone, for the others numbers.
      return scope.area === 'dependabot' ? ids.map(String) : ids;
    },

    put: async (name, body, signal) => {
      const what = about(`${place}#${name}`, 'write the secret', 'write');
      const answer = await client.send({ ...what, method: 'PUT', path: at(name), body }, signal);
      if (answer.status === 204) return { created: false };
      if (answer.status === 201) return { created: true };
      throw answer.status < 300 ? strangeAnswer(answer, what) : githubError(answer, what);
    },
  };
}

/** The 404 of a proxy says nothing of a secret. */
function isAbsent(answer: HttpAnswer): boolean {
  return answer.status === 404 && wordsOf(answer) !== undefined;
}

function isVisibility(text: unknown): text is Visibility {
  return text === 'all' || text === 'private' || text === 'selected';
}
