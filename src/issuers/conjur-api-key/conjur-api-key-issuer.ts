import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, Principal } from '../../core/plugins/issuer.ts';
import { createAccessToken } from '../../lib/conjur/access-token.ts';
import { applianceUrl } from '../../lib/conjur/appliance-url.ts';
import { createConjurClient } from '../../lib/conjur/conjur-client.ts';
import { askWhoami } from '../../lib/conjur/whoami.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { requireApiKey } from './api-key.ts';
import { createKeyApi } from './key-api.ts';
import type { ConjurKeyOptions } from './options.ts';
import { preflightKey } from './preflight.ts';
import { roleOf } from './role.ts';

/** The leader knows at once. */
const PROPAGATION = { confirmations: 1, intervalMs: 1_000, deadlineMs: 30_000 };

export async function openConjurApiKeyIssuer(options: ConjurKeyOptions, open: OpenContext): Promise<Issuer> {
  const { name: subject, clock, timeoutMs, resolve } = open;
  const { account, auth, address } = options;
  const role = roleOf(options.role);
  const ca = options.ca === undefined ? undefined : (await resolve(options.ca)).reveal();
  const baseUrl = applianceUrl(address);
  const http = createHttpClient({ name: subject, baseUrl, timeoutMs, ...(ca === undefined ? {} : { ca }) });
  const token = createAccessToken({ http, name: subject, account, auth, clock, resolve });
  const client = createConjurClient(http, token);
  const keys = createKeyApi({ http, client, subject, account, role });

  const identify = async (key: Credential, { signal }: CallContext): Promise<Principal> => {
    await keys.tryKey(requireApiKey(key, subject), signal);
    return { id: `${account}:${role.name}`, display: `${role.name} in account ${account}` };
  };
  const self = async (call: CallContext): Promise<string> => {
    const { attributes } = await askWhoami(client, subject, options, call.signal);
    return attributes['username'] ?? '';
  };

  return {
    propagation: PROPAGATION,
    overlap: false,
    preflight: (oldKey, call) =>
      preflightKey(
        {
          subject,
          role,
          keys,
          tryOldKey: () => identify(oldKey, call),
          self: () => self(call),
        },
        call.signal,
      ),
    // A role has one key, without a name of its own: what tells two apart is the key itself.
    keyIdOf: (key) => key[VALUE_PART]?.fingerprint(),
    validate: (key) => void requireApiKey(key, subject),
    identify,
    createKey: async (_label, call) => {
      if ((await self(call)) === role.login) {
        throw new RotationError('REFUSED', {
          subject,
          action: `rotate the API key of ${role.name}`,
          reason: 'keyturn itself logs in with it',
          hint: 'Give keyturn a host of its own, with `update` on this role.',
        });
      }
      const value = await keys.rotate(call.signal);
      return { id: value.fingerprint(), credential: { [VALUE_PART]: value } };
    },
    close: async () => {
      token.close();
      http.close();
    },
  };
}
