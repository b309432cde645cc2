import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { envelopeOf } from './envelope.ts';
import type { VaultClient } from './vault-client.ts';
import { type About, vaultError } from './vault-error.ts';

/** What Vault says of a token to the token itself. Its `id` is the token: it is not taken over. */
export interface TokenFacts {
  readonly displayName: string;
  /** '' for tokens without an identity, such as a root token. */
  readonly entityId: string;
  /** Requests it is good for; 0: no limit. */
  readonly uses: number;
  /** Seconds it has left; 0: it does not expire. */
  readonly ttl: number;
}

const ACTION = 'look up its own token';

/** Undefined when the token is dead (or may not even look itself up: Vault answers the same). */
export async function lookUpSelf(
  client: VaultClient,
  token: Secret,
  signal: AbortSignal,
): Promise<TokenFacts | undefined> {
  const about: About = { subject: client.name, action: ACTION, effect: 'read' };
  const answer = await client.send(
    { method: 'GET', path: '/auth/token/lookup-self', effect: 'read', action: ACTION, signal },
    token,
  );
  if (answer.status === 403) return undefined;
  if (answer.status !== 200) throw vaultError(answer, about);
  const { data } = envelopeOf(answer, about);
  return {
    displayName: textIn(data?.['display_name']) ?? 'unknown',
    entityId: textIn(data?.['entity_id']) ?? '',
    uses: countIn(data?.['num_uses']),
    ttl: countIn(data?.['ttl']),
  };
}

/** Of what is no number nothing is known. */
export function countIn(told: unknown): number {
  return typeof told === 'number' ? told : 0;
}

function textIn(told: unknown): string | undefined {
  return typeof told === 'string' ? told : undefined;
}

export function deadToken(subject: string, action: string): RotationError {
  return new RotationError('UNAUTHENTICATED', {
    subject,
    action,
    reason: 'its token is not valid (any more), or may not even look itself up',
    hint: 'Log in again and update the reference in `auth`, or configure a login (approle, kubernetes, jwt …).',
  });
}
