import { randomBytes } from 'node:crypto';

export interface EmulatedToken {
  readonly id: number;
  readonly value: string;
  readonly name: string;
  readonly userId: number;
  readonly scopes: readonly string[];
  /** `projects/acme/shop`, `groups/acme`, `users/42`. */
  readonly owner: string;
  /** Undefined for personal tokens. */
  readonly accessLevel: number | undefined;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  revoked: boolean;
  lastUsedAt: string | null;
}

export type Wanted = Pick<EmulatedToken, 'name' | 'scopes' | 'owner' | 'accessLevel' | 'expiresAt'> & {
  readonly createdAt?: string;
};

export interface EmulatedTokens {
  all(): readonly EmulatedToken[];
  /** Each one of a project or group has a bot user of its own. */
  make(wanted: Wanted): EmulatedToken;
  /** The token, when GitLab would accept it now. */
  accept(value: string | undefined): EmulatedToken | undefined;
}

/** Where numbers of users and tokens begin; the bots' are far from the people's. */
const FIRST_TOKEN = 1001;
const FIRST_BOT = 90_001;

export function createEmulatedTokens(): EmulatedTokens {
  const tokens: EmulatedToken[] = [];
  return {
    all: () => tokens,
    make: (wanted) => {
      const [, user] = /^users\/(\d+)$/.exec(wanted.owner) ?? [];
      const token: EmulatedToken = {
        createdAt: new Date().toISOString(),
        ...wanted,
        id: FIRST_TOKEN + tokens.length,
        userId: user === undefined ? FIRST_BOT + tokens.length : Number(user),
        value: ['gl', 'pat-', randomBytes(15).toString('base64url')].join(''),
        revoked: false,
        lastUsedAt: null,
      };
      tokens.push(token);
      return token;
    },
    accept: (value) => tokens.find((token) => token.value === value && isActive(token)),
  };
}

export function isActive({ revoked, expiresAt }: EmulatedToken): boolean {
  return !revoked && (expiresAt === null || Date.parse(expiresAt) > Date.now());
}

/** As GitLab shows it: the value only when it was just made. */
export function rendered(token: EmulatedToken): object {
  const { id, name, revoked, createdAt, scopes, userId, lastUsedAt, expiresAt, accessLevel } = token;
  return {
    id,
    name,
    revoked,
    created_at: createdAt,
    description: null,
    scopes,
    user_id: userId,
    last_used_at: lastUsedAt,
    active: isActive(token),
    expires_at: expiresAt,
    ...(accessLevel === undefined ? {} : { access_level: accessLevel }),
  };
}
