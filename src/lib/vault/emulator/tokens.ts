import { randomBytes, randomUUID } from 'node:crypto';

export interface EmulatedToken {
  readonly id: string;
  readonly displayName: string;
  readonly entityId: string;
  readonly batch: boolean;
  /** Epoch ms; infinite for a token that does not expire. */
  expiresAt: number;
  /** Beyond this no renewal reaches. */
  readonly latest: number;
  /** Requests left; undefined: no limit. */
  usesLeft: number | undefined;
}

/** What logins give out from now on. */
export interface Issuing {
  leaseSeconds: number;
  maxSeconds: number;
  /** 0: no limit. */
  uses: number;
  batch: boolean;
}

export interface EmulatedTokens {
  readonly issuing: Issuing;
  issue(displayName: string, entityId: string): EmulatedToken;
  /** A token that never expires, as somebody else makes it. */
  issueLasting(): EmulatedToken;
  /** The live token a request carries; burns one of its uses. */
  use(id: string | undefined): EmulatedToken | undefined;
  renew(token: EmulatedToken): void;
  revoke(id: string): void;
  revokeAll(): void;
  live(): readonly EmulatedToken[];
  secondsLeft(token: EmulatedToken): number;
}

export function createTokens(now: () => number): EmulatedTokens {
  const tokens = new Map<string, EmulatedToken>();
  const issuing: Issuing = { leaseSeconds: 3600, maxSeconds: 32 * 24 * 3600, uses: 0, batch: false };
  const isLive = (token: EmulatedToken): boolean => token.expiresAt > now() && token.usesLeft !== 0;
  const add = (token: Omit<EmulatedToken, 'id'>): EmulatedToken => {
    const made = { id: `${token.batch ? 'hvb' : 'hvs'}.${randomBytes(24).toString('base64url')}`, ...token };
    tokens.set(made.id, made);
    return made;
  };

  return {
    issuing,
    issue: (displayName, entityId) =>
      add({
        displayName,
        entityId,
        batch: issuing.batch,
        expiresAt: now() + issuing.leaseSeconds * 1000,
        latest: now() + issuing.maxSeconds * 1000,
        usesLeft: issuing.uses === 0 ? undefined : issuing.uses,
      }),
    issueLasting: () =>
      add({
        displayName: 'token-keyturn',
        entityId: randomUUID(),
        batch: false,
        expiresAt: Number.POSITIVE_INFINITY,
        latest: Number.POSITIVE_INFINITY,
        usesLeft: undefined,
      }),
    use: (id) => {
      const token = tokens.get(id ?? '');
      if (token === undefined || !isLive(token)) return undefined;
      if (token.usesLeft !== undefined) token.usesLeft -= 1;
      return token;
    },
    renew: (token) => {
      token.expiresAt = Math.min(token.latest, now() + issuing.leaseSeconds * 1000);
    },
    revoke: (id) => void tokens.delete(id),
    revokeAll: () => tokens.clear(),
    live: () => [...tokens.values()].filter(isLive),
    secondsLeft: (token) =>
      token.expiresAt === Number.POSITIVE_INFINITY ? 0 : Math.floor((token.expiresAt - now()) / 1000),
  };
}
