import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, Principal, Propagation } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { type ApiToken, ownerOf, sameOwner } from './api-token.ts';
import { ID_PART, refuseOtherThanToken, tokenIdOf } from './key-format.ts';
import { BASE_URLS, type GitguardianOptions } from './options.ts';
import { preflightFindings } from './preflight.ts';
import { createTokensApi } from './tokens-api.ts';

/** GitGuardian documents no delay; the API has several instances, so one answer is not taken for all. */
const PROPAGATION: Propagation = { confirmations: 2, intervalMs: 2_000, deadlineMs: 60_000 };

/** @throws RotationError CONFIG_INVALID when `manager` cannot be resolved */
export async function openGitguardianIssuer(options: GitguardianOptions, open: OpenContext): Promise<Issuer> {
  const { name, timeoutMs, resolve } = open;
  const manager = await resolve(options.manager);
  const baseUrl = (options.baseUrl ?? BASE_URLS[options.region]).replace(/\/+$/, '');
  const http = createHttpClient({ name, baseUrl, timeoutMs, connections: 4 });
  const api = createTokensApi(http, name);

  const askOf = async (key: Credential, { signal }: CallContext): Promise<ApiToken> => {
    const value = key[VALUE_PART];
    if (value === undefined)
      throw new RotationError('REFUSED', { subject: name, reason: 'the key has no value' });
    return api.self(value, signal);
  };

  return {
    propagation: PROPAGATION,

    preflight: (oldKey, call) =>
      preflightFindings({
        subject: name,
        options,
        tokenId: tokenIdOf(oldKey),
        validate: () => refuseOtherThanToken(oldKey, name),
        askManager: () => api.self(manager, call.signal),
        askOld: () => askOf(oldKey, call),
        askById: (id) => api.describe(id, manager, call.signal),
        listTokens: () => api.list(manager, call.signal),
      }),

    keyIdOf: tokenIdOf,
    validate: (key) => refuseOtherThanToken(key, name),
    identify: async (key, call) => principalOf(await askOf(key, call)),

    listKeys: async ({ signal }) => {
      const self = await api.self(manager, signal);
      const tokens = await api.list(manager, signal);
      // `manager` is no key of a rotation, and must never be taken for one that is left over.
      return tokens
        .filter((token) => sameOwner(token, self) && token.id !== self.id)
        .map(({ id, active, name: label, createdAt }) => ({
          id,
          status: active ? 'active' : 'inactive',
          label,
          ...(createdAt === undefined ? {} : { createdAt }),
        }));
    },

    createKey: async (label, { signal }) => {
      // A token is of the type of the one that asks for it: nothing else is accepted.
      const { type } = await api.self(manager, signal);
      const { scopes, lifetimeDays } = options;
      const { id, value } = await api.create({ name: label, type, scopes, lifetimeDays }, manager, signal);
      return { id, credential: { [ID_PART]: new Secret(id), [VALUE_PART]: value } };
    },

    deactivateKey: ({ id }, { signal }) => api.revoke(id, manager, signal),

    lastUsed: async ({ id }, { signal }) => ({
      lastUsedAt: (await api.describe(id, manager, signal)).lastUsedAt,
    }),

    close: async () => http.close(),
  };
}

function principalOf(token: ApiToken): Principal {
  return {
    id: ownerOf(token),
    display: ownerOf(token),
    details: { token: token.id, name: token.name, type: token.type, scopes: token.scopes },
  };
}
