import { randomBytes, randomUUID } from 'node:crypto';
import type { TokenType } from './api-token.ts';

export interface EmulatedToken {
  readonly id: string;
  readonly value: string;
  readonly name: string;
  type: TokenType;
  memberId: number | null;
  scopes: readonly string[];
  status: 'active' | 'revoked';
  /** ISO 8601. */
  readonly createdAt: string;
  lastUsedAt: string | null;
}

export interface EmulatedTokens {
  all(): readonly EmulatedToken[];
  find(id: string): EmulatedToken | undefined;
  /** The live token of this value. */
  accepts(value: string): EmulatedToken | undefined;
  make(wanted: Pick<EmulatedToken, 'name' | 'type' | 'memberId' | 'scopes'>): EmulatedToken;
}

export function createEmulatedTokens(): EmulatedTokens {
  const tokens: EmulatedToken[] = [];
  return {
    all: () => tokens,
    find: (id) => tokens.find((token) => token.id === id),
    accepts: (value) => tokens.find((token) => token.value === value && token.status === 'active'),
    make: (wanted) => {
      const token: EmulatedToken = {
        ...wanted,
        id: randomUUID(),
        // As long as real ones; the format is not documented.
        value: randomBytes(36).toString('hex').slice(0, 71),
        status: 'active',
        createdAt: new Date().toISOString(),
        lastUsedAt: null,
      };
      tokens.push(token);
      return token;
    },
  };
}
