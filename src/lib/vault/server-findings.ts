import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import { healthFinding, readHealth } from './health.ts';
import type { Session } from './session.ts';
import type { TokenFacts } from './token-facts.ts';
import type { VaultClient } from './vault-client.ts';
import { currentToken } from './whoami.ts';

/** A rotation with a soak outlives a shorter token. */
const SHORT_TTL_SECONDS = 3600;

/** What is wrong with the server or the token, whatever the slot. */
export async function serverFindings(
  client: VaultClient,
  session: Session,
  lends: boolean,
  ctx: CallContext,
): Promise<readonly Finding[]> {
  const subject = client.name;
  try {
    const health = healthFinding(await readHealth(client, ctx.signal), subject);
    if (health?.severity === 'error') return [health];
    const facts = await currentToken(client, session, ctx.signal);
    return [...(health === undefined ? [] : [health]), ...tokenFindings(facts, subject, lends)];
  } catch (error) {
    return [findingOf(error, subject)];
  }
}

/** Reports what would otherwise be thrown; an abort, and what is no error of ours, still is. */
export function findingOf(error: unknown, subject: string): Finding {
  if (!isRotationError(error) || error.code === 'ABORTED') throw error;
  return { severity: 'error', code: error.code, subject, message: error.message, hint: error.hint };
}

/** `lends`: the token is somebody else's, so nobody renews it. */
function tokenFindings(facts: TokenFacts, subject: string, lends: boolean): Finding[] {
  if (facts.uses > 0) {
    return [
      {
        severity: 'error',
        code: 'REFUSED',
        subject,
        message: `The token dies after ${facts.uses} more uses, which may be in the middle of a rotation.`,
        hint: 'Use a token without a number of uses.',
      },
    ];
  }
  if (!lends || facts.ttl === 0 || facts.ttl >= SHORT_TTL_SECONDS) return [];
  return [
    {
      severity: 'warning',
      code: 'UNAUTHENTICATED',
      subject,
      message: `The token expires in ${Math.ceil(facts.ttl / 60)} minutes and keyturn does not renew it.`,
      hint: 'Renew it, or configure a login (approle, kubernetes, jwt …), which keyturn keeps alive.',
    },
  ];
}
