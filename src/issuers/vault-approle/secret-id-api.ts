import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { jsonOf, recordIn, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer } from '../../lib/http/http-client.ts';
import { countIn } from '../../lib/vault/token-facts.ts';
import type { VaultApi } from '../../lib/vault/vault-api.ts';
import { type About, vaultError, vaultWords } from '../../lib/vault/vault-error.ts';

/** What Vault tells of a secret id without telling it. */
export interface SecretIdFacts {
  readonly accessor: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Undefined: it does not expire. */
  readonly expiresAt: string | undefined;
  /** Logins left; 0: no limit. */
  readonly usesLeft: number;
  /** Of a key that keyturn made. */
  readonly label: string | undefined;
}

export interface RoleFacts {
  readonly bindsSecretId: boolean;
  /** Seconds a new secret id lives; 0: for ever. */
  readonly secretIdTtl: number;
  /** Logins a new secret id is good for; 0: no limit. */
  readonly secretIdUses: number;
}

export interface NewSecretId {
  readonly secretId: Secret;
  readonly accessor: string;
}

/** Secret ids of one role. One attempt each. */
export interface SecretIdApi {
  /** `auth/approle/role/shop`, as policies name it. */
  readonly path: string;
  create(
    label: string,
    wishes: { readonly ttlSeconds?: number | undefined; readonly cidrs?: readonly string[] | undefined },
    signal: AbortSignal,
  ): Promise<NewSecretId>;
  /** Undefined when it is expired, destroyed, or never was: Vault does not tell which. */
  lookUp(
    by: { readonly secretId: Secret } | { readonly accessor: string },
    signal: AbortSignal,
  ): Promise<SecretIdFacts | undefined>;
  accessors(signal: AbortSignal): Promise<readonly string[]>;
  /** An accessor that is not there is success. */
  destroy(accessor: string, signal: AbortSignal): Promise<void>;
  /** Undefined when there is no such role; PERMISSION_DENIED when it may not be read. */
  role(signal: AbortSignal): Promise<RoleFacts | undefined>;
}

const LABEL = 'keyturn';

export function createSecretIdApi(
  api: VaultApi,
  subject: string,
  { mount, role }: { readonly mount: string; readonly role: string },
): SecretIdApi {
  const path = `auth/${mount}/role/${role}`;
  const url = `/${path.split('/').map(encodeURIComponent).join('/')}`;

  const send = async (
    what: Omit<About, 'subject'>,
    method: string,
    place: string,
    signal: AbortSignal,
    body?: object,
  ): Promise<{ readonly answer: HttpAnswer; readonly about: About }> => {
    const about: About = { subject, ...what };
    const answer = await api({
      method,
      path: `${url}${place}`,
      effect: about.effect,
      action: about.action,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // Vault answers 500 to a role that is not there: that is certain, and nothing was done.
    if (saysNoSuchRole(answer)) throw noSuchRole(answer, about, path);
    return { answer, about };
  };

  return {
    path,
    create: async (label, { ttlSeconds, cidrs }, signal) => {
      const what = {
        action: `make a secret id for ${role}`,
        effect: 'write',
        needs: `\`update\` on ${path}/secret-id`,
      } as const;
      const { answer, about } = await send(what, 'POST', '/secret-id', signal, {
        // Vault takes the metadata as JSON text, and copies it to every token that is made with the secret id.
        metadata: JSON.stringify({ [LABEL]: label }),
        ...(ttlSeconds === undefined ? {} : { ttl: `${ttlSeconds}s` }),
        ...(cidrs === undefined ? {} : { cidr_list: cidrs }),
      });
      if (answer.status !== 200) throw vaultError(answer, about);
      const { secret_id: secretId, secret_id_accessor: accessor } = dataOf(answer, about);
      if (
        typeof secretId !== 'string' ||
        secretId === '' ||
        typeof accessor !== 'string' ||
        accessor === ''
      ) {
        throw new RotationError('INDETERMINATE', { ...about, reason: 'the answer has no secret id in it' });
      }
      return { secretId: new Secret(secretId), accessor };
    },
    lookUp: async (by, signal) => {
      const byAccessor = 'accessor' in by;
      const place = byAccessor ? '/secret-id-accessor/lookup' : '/secret-id/lookup';
      const what = {
        action: 'look the secret id up',
        effect: 'read',
        needs: `\`update\` on ${path}${place}`,
      } as const;
      const body = byAccessor ? { secret_id_accessor: by.accessor } : { secret_id: by.secretId.reveal() };
      const { answer, about } = await send(what, 'POST', place, signal, body);
      // An expired one, and one that is not there.
      if (answer.status === 204 || saysNoSuchAccessor(answer)) return undefined;
      if (answer.status !== 200) throw vaultError(answer, about);
      // Any other answer without facts is no word that it is gone: a live one would be taken for dead.
      if (isRemarkAlone(answer, about)) return undefined;
      return factsIn(dataOf(answer, about), about);
    },
    accessors: async (signal) => {
      const what = {
        action: `list the secret ids of ${role}`,
        effect: 'read',
        needs: `\`list\` on ${path}/secret-id`,
      } as const;
      const { answer, about } = await send(what, 'GET', '/secret-id?list=true', signal);
      // An empty list is told as one that is not there.
      if (answer.status === 404 && vaultWords(answer) === '') return [];
      if (answer.status !== 200) throw vaultError(answer, about);
      const keys = dataOf(answer, about)['keys'];
      // An answer without a list is not an empty one: a secret id that was made would be made once more.
      if (!Array.isArray(keys)) throw strangeAnswer(answer, about);
      if (!keys.every((key) => typeof key === 'string')) throw strangeAnswer(answer, about);
      return keys;
    },
    destroy: async (accessor, signal) => {
      const place = '/secret-id-accessor/destroy';
      const what = {
        action: `destroy the secret id ${accessor}`,
        effect: 'write',
        needs: `\`update\` on ${path}${place}`,
      } as const;
      const { answer, about } = await send(what, 'POST', place, signal, { secret_id_accessor: accessor });
      // 204; or 200 with warnings.
      if (answer.status === 204 || saysNoSuchAccessor(answer)) return;
      if (answer.status !== 200) throw vaultError(answer, about);
      jsonOf(answer, about);
    },
    role: async (signal) => {
      const what = { action: `read the role ${role}`, effect: 'read', needs: `\`read\` on ${path}` } as const;
      const { answer, about } = await send(what, 'GET', '', signal);
      if (answer.status === 404 && vaultWords(answer) !== undefined) return undefined;
      if (answer.status !== 200) throw vaultError(answer, about);
      const data = dataOf(answer, about);
      return {
        bindsSecretId: data['bind_secret_id'] !== false,
        secretIdTtl: countIn(data['secret_id_ttl']),
        secretIdUses: countIn(data['secret_id_num_uses']),
      };
    },
  };
}

function dataOf(answer: HttpAnswer, about: About): Readonly<Record<string, unknown>> {
  const { data } = recordIn(answer, about);
  if (typeof data === 'object' && data !== null) return data as Record<string, unknown>;
  throw strangeAnswer(answer, about);
}

/** Vault's own envelope around nothing, which it sends in place of 204 where it has a remark to make. */
function isRemarkAlone(answer: HttpAnswer, about: About): boolean {
  const { request_id: id, data, warnings } = recordIn(answer, about);
  return typeof id === 'string' && data === null && Array.isArray(warnings) && warnings.length > 0;
}

function factsIn(data: Record<string, unknown>, about: About): SecretIdFacts {
  const { secret_id_accessor: accessor, creation_time: created, expiration_time: expires } = data;
  if (typeof accessor !== 'string' || typeof created !== 'string') {
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer does not describe a secret id' });
  }
  const label = ((data['metadata'] ?? {}) as Record<string, unknown>)[LABEL];
  return {
    accessor,
    createdAt: created,
    // The year 1 stands for never.
    expiresAt: typeof expires === 'string' && !expires.startsWith('0001-') ? expires : undefined,
    usesLeft: countIn(data['secret_id_num_uses']),
    label: typeof label === 'string' ? label : undefined,
  };
}

function saysNoSuchAccessor({ status, body }: HttpAnswer): boolean {
  return status >= 400 && body.includes('failed to find accessor entry');
}

function saysNoSuchRole(answer: HttpAnswer): boolean {
  return answer.status >= 400 && /\brole \\?".*" does not exist/.test(vaultWords(answer) ?? '');
}

function noSuchRole(answer: HttpAnswer, about: About, path: string): RotationError {
  return new RotationError('NOT_FOUND', {
    subject: about.subject,
    action: about.action,
    reason: `${vaultWords(answer)} (${path})`,
    hint: 'Check `role`, `mount` and `namespace`; keyturn makes no roles.',
  });
}
