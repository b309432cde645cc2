import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { authenticationRefusal, authenticationRequest } from '../../lib/conjur/authentication.ts';
import type { ConjurClient } from '../../lib/conjur/conjur-client.ts';
import { type About, conjurError } from '../../lib/conjur/conjur-error.ts';
import { refreshAfter } from '../../lib/conjur/token-lifetime.ts';
import { jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer, HttpClient } from '../../lib/http/http-client.ts';
import { isApiKey } from './api-key.ts';
import type { Role } from './role.ts';

/** What Conjur offers for the API key of one role. One attempt each. */
export interface KeyApi {
  /** Authenticates with the key. @throws RotationError UNAUTHENTICATED when Conjur refuses it */
  tryKey(key: Secret, signal: AbortSignal): Promise<void>;
  /** Makes a new key, and kills the old one at once. @throws RotationError INDETERMINATE when the answer was lost */
  rotate(signal: AbortSignal): Promise<Secret>;
  /** Whether keyturn may rotate the key; false as well for a role that it may not see, or that is not there. */
  mayRotate(signal: AbortSignal): Promise<boolean>;
}

interface Parts {
  /** Without a session. */
  readonly http: HttpClient;
  readonly client: ConjurClient;
  readonly subject: string;
  readonly account: string;
  readonly role: Role;
}

export function createKeyApi({ http, client, subject, account, role }: Parts): KeyApi {
  const at = encodeURIComponent(account);

  return {
    tryKey: async (key, signal) => {
      const about: About = { subject, action: `log in as ${role.login}`, effect: 'read' };
      const auth = { method: 'api-key', login: role.login, apiKey: '' } as const;
      const request = await authenticationRequest(auth, account, async () => key);
      const answer = await http.send({ ...request, ...about, method: 'POST', signal });
      // Words of somebody else come from a proxy, and say nothing of the key.
      if (answer.status === 401 && !isConjurs(answer)) throw strangeAnswer(answer, about);
      if (answer.status !== 200) throw authenticationRefusal(answer, { name: subject, account, auth });
      if (refreshAfter(jsonOf(answer, about)) === undefined) throw strangeAnswer(answer, about);
    },
    rotate: async (signal) => {
      const about: About = {
        subject,
        action: `rotate the API key of ${role.name}`,
        effect: 'write',
        privilege: 'update',
        on: role.name,
      };
      const path = `/authn/${at}/api_key?role=${encodeURIComponent(`${account}:${role.name}`)}`;
      const answer = await client.send({ ...about, method: 'PUT', path }, signal);
      if (answer.status === 404) throw noSuchRole(about, role);
      if (answer.status !== 200) throw hinted(conjurError(answer, about), answer.status, role);
      if (!isApiKey(answer.body)) {
        throw new RotationError('INDETERMINATE', { ...about, reason: 'the answer is not an API key' });
      }
      return new Secret(answer.body);
    },
    mayRotate: async (signal) => {
      const about: About = {
        subject,
        action: `ask for the privilege update on ${role.name}`,
        effect: 'read',
      };
      const path = `/resources/${at}/${role.kind}/${encodeURIComponent(role.id)}?check=true&privilege=update`;
      const answer = await client.send({ ...about, method: 'GET', path }, signal);
      if (answer.status === 204) return true;
      if (answer.status === 404) return false;
      throw conjurError(answer, about);
    },
  };
}

function noSuchRole(about: About, role: Role): RotationError {
  return new RotationError('NOT_FOUND', {
    subject: about.subject,
    action: about.action,
    reason: `there is no ${role.kind} ${role.id}, or keyturn may not see it (status 404)`,
    hint: 'Check `role` and `account`, and grant keyturn `read` and `update` on it by policy.',
  });
}

/** Conjur refuses without a word, or with its own JSON. */
function isConjurs({ body }: HttpAnswer): boolean {
  if (body.trim() === '') return true;
  try {
    const { error } = (JSON.parse(body) ?? {}) as { error?: unknown };
    return typeof error === 'object' && error !== null;
  } catch {
    return false;
  }
}

/** What a status means here and not at a variable. */
function hinted(error: RotationError, status: number, { name }: Role): RotationError {
  const hint = HINTS[status]?.(name);
  return hint === undefined ? error : new RotationError(error.code, { ...error.context, hint });
}

const HINTS: Readonly<Record<number, (role: string) => string>> = {
  401: (role) =>
    `keyturn has logged in, so Conjur means that it may not rotate the key of ${role}: grant it \`read\` and \`update\` by policy.`,
  405: (role) =>
    `Followers and standbys are read-only: set \`address\` to the leader. If it is the leader, ${role} has no API key (hosts need the annotation \`authn/api-key: true\`).`,
};
