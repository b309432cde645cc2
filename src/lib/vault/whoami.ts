import type { CallContext } from '../../core/plugins/contexts.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import { clusterName, readHealth } from './health.ts';
import { refuseCountedToken } from './login.ts';
import type { Session } from './session.ts';
import { deadToken, lookUpSelf, type TokenFacts } from './token-facts.ts';
import type { VaultClient } from './vault-client.ts';

const ACTION = 'find out who it acts as';

/** @throws RotationError UNAUTHENTICATED; REFUSED for a token with a number of uses */
export async function whoAmI(
  client: VaultClient,
  session: Session,
  { signal }: CallContext,
): Promise<StoreIdentity> {
  const [facts, health] = await Promise.all([
    currentToken(client, session, signal),
    readHealth(client, signal),
  ]);
  refuseCountedToken(facts.uses, { subject: client.name, action: ACTION });
  const cluster = clusterName(health);
  const place = client.namespace === '' ? '' : ` (namespace ${client.namespace})`;
  return {
    display: `${facts.displayName} at ${client.address}${place}`,
    attributes: {
      address: client.address,
      namespace: client.namespace === '' ? 'root' : client.namespace,
      display_name: facts.displayName,
      ...(facts.entityId === '' ? {} : { entity_id: facts.entityId }),
      ...(cluster === undefined ? {} : { cluster }),
    },
  };
}

/** Looks the session's token up, after one new login when it turns out to be dead. */
export async function currentToken(
  client: VaultClient,
  session: Session,
  signal: AbortSignal,
): Promise<TokenFacts> {
  const token = await session.token(signal);
  const facts = await lookUpSelf(client, token, signal);
  if (facts !== undefined) return facts;
  await session.replaceIfDead(token, signal);
  const again = await lookUpSelf(client, await session.token(signal), signal);
  if (again === undefined) throw deadToken(client.name, ACTION);
  return again;
}
