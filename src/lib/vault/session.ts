import type { Clock } from '../../core/clock.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { unlessAborted } from '../http/unless-aborted.ts';
import type { LoginMethod, VaultAuth } from './connection-options.ts';
import { type Lease, leaseOf, logIn } from './login.ts';
import { deadToken, lookUpSelf } from './token-facts.ts';
import type { VaultClient } from './vault-client.ts';

/** The token of the connection: obtained at the first request, renewed in time, given up at the end. */
export interface Session {
  token(signal: AbortSignal): Promise<Secret>;
  /**
   * Vault says 403 to a dead token and to a policy's no alike; looking the token up tells which. Resolves to
   * `true` when it was dead and there is another one now.
   * @throws RotationError UNAUTHENTICATED when it was dead and cannot be replaced
   */
  replaceIfDead(denied: Secret, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

interface SessionContext {
  readonly client: VaultClient;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly resolve: (reference: string) => Promise<Secret>;
}

export function createSession(auth: VaultAuth, ctx: SessionContext): Session {
  return auth.method === 'token' ? givenToken(auth.token, ctx) : loggedIn(auth, ctx);
}

/** Somebody else's token: used, never renewed, never revoked. */
function givenToken(reference: string, { client, resolve }: SessionContext): Session {
  let token: Promise<Secret> | undefined;
  return {
    token: () => {
      token ??= resolve(reference).then((secret) => trimmed(secret));
      return token;
    },
    replaceIfDead: async (denied, signal) => {
      if ((await lookUpSelf(client, denied, signal)) === undefined)
        throw deadToken(client.name, 'authenticate');
      return false;
    },
    close: async () => {},
  };
}

function loggedIn(auth: LoginMethod, ctx: SessionContext): Session {
  const { client, clock } = ctx;
  // Not the signal of whoever happens to ask first: others wait for the same answer.
  const closing = new AbortController();
  /** All that may still be alive: a request under way may hold an older one until the end. */
  const issued = new Set<Lease>();
  let current: { readonly lease: Lease; readonly refreshAt: number; readonly granted: number } | undefined;
  let refreshing: Promise<Secret> | undefined;

  const adopt = (lease: Lease, granted: number): Secret => {
    const lasting = lease.seconds === 0 ? Number.POSITIVE_INFINITY : lease.seconds * 1000;
    current = { lease, granted, refreshAt: clock.now() + lasting - Math.min(lasting / 3, EARLIEST_MS) };
    return lease.token;
  };

  const logInAnew = async (): Promise<Secret> => {
    const lease = await logIn(client, auth, ctx.resolve, closing.signal);
    issued.add(lease);
    return adopt(lease, lease.seconds);
  };

  const refresh = async (): Promise<Secret> => {
    const old = current;
    if (old === undefined || !old.lease.renewable) return logInAnew();
    const renewed = await renew(client, old.lease, closing.signal);
    // Near its maximum age a token is renewed for less and less: time for another one.
    if (renewed === undefined || renewed.seconds < old.granted / 2) return logInAnew();
    return adopt({ ...old.lease, seconds: renewed.seconds, renewable: renewed.renewable }, old.granted);
  };

  /** One refresh at a time, however many requests wait for it. */
  const shared = (signal: AbortSignal): Promise<Secret> => {
    refreshing ??= refresh().finally(() => {
      refreshing = undefined;
    });
    return unlessAborted(refreshing, signal, { subject: client.name, action: 'authenticate' });
  };

  return {
    token: async (signal) => {
      if (current !== undefined && clock.now() < current.refreshAt) return current.lease.token;
      return shared(signal);
    },
    replaceIfDead: async (denied, signal) => {
      // Another request may have replaced it while this one was under way.
      if (current?.lease.token !== denied) return true;
      if ((await lookUpSelf(client, denied, signal)) !== undefined) return false;
      if (current?.lease.token === denied) {
        for (const lease of issued) if (lease.token === denied) issued.delete(lease);
        current = undefined;
      }
      await shared(signal);
      return true;
    },
    close: async () => {
      closing.abort();
      const revocable = [...issued].filter((lease) => !lease.batch);
      issued.clear();
      current = undefined;
      await Promise.all(revocable.map((lease) => revoke(client, lease, AbortSignal.timeout(ctx.timeoutMs))));
    },
  };
}

/** Refreshed this long before a token ends, or in the last third of a short life. */
const EARLIEST_MS = 5 * 60_000;

/** Undefined when Vault will not: then a new login may. */
async function renew(client: VaultClient, lease: Lease, signal: AbortSignal): Promise<Lease | undefined> {
  const action = 'renew its token';
  try {
    const answer = await client.send(
      { method: 'POST', path: '/auth/token/renew-self', body: '{}', effect: 'read', action, signal },
      lease.token,
    );
    return answer.status === 200
      ? leaseOf(answer, { subject: client.name, action, effect: 'read' })
      : undefined;
  } catch (error) {
    if (isRotationError(error, 'ABORTED')) throw error;
    return undefined;
  }
}

/** Best effort: a token that cannot be revoked now expires by itself. */
async function revoke(client: VaultClient, lease: Lease, signal: AbortSignal): Promise<void> {
  const action = 'revoke its token';
  await client
    .send(
      { method: 'POST', path: '/auth/token/revoke-self', body: '{}', effect: 'read', action, signal },
      lease.token,
    )
    .catch(() => {});
}

function trimmed(secret: Secret): Secret {
  const text = secret.reveal();
  return text.trim() === text || text.trim() === '' ? secret : new Secret(text.trim());
}
