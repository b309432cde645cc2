import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import type { EndingKey, Issuer, KeyRecord, Principal } from '../../core/plugins/issuer.ts';
import type { Secret } from '../../core/secret.ts';
import { askAccess } from '../../lib/vault/access.ts';
import { serverFindings } from '../../lib/vault/server-findings.ts';
import { createSession } from '../../lib/vault/session.ts';
import { createVaultApi } from '../../lib/vault/vault-api.ts';
import { createVaultClient } from '../../lib/vault/vault-client.ts';
import type { AppRoleOptions } from './options.ts';
import { preflightAppRole } from './preflight.ts';
import { createSecretIdApi, type SecretIdFacts } from './secret-id-api.ts';

/** The active node knows at once; performance standbys and secondaries follow within moments. */
const PROPAGATION = { confirmations: 2, intervalMs: 1_000, deadlineMs: 30_000 };

const PART = 'secretId';

export async function openAppRoleIssuer(options: AppRoleOptions, ctx: OpenContext): Promise<Issuer> {
  const { name: subject, timeoutMs, clock, resolve } = ctx;
  const ca = options.ca === undefined ? undefined : (await resolve(options.ca)).reveal();
  const client = createVaultClient({
    ...options,
    name: subject,
    timeoutMs,
    ca,
    namespace: options.namespace,
  });
  const session = createSession(options.auth, { client, clock, timeoutMs, resolve });
  const api = createVaultApi(client, session);
  const secretIds = createSecretIdApi(api, subject, options);
  const place = client.namespace === '' ? '' : `${client.namespace}/`;
  const principal: Principal = {
    id: `${place}${secretIds.path}`,
    display: `AppRole ${options.role} at ${place}auth/${options.mount}`,
  };

  const secretIdOf = (key: Credential): Secret => requireSecretId(key, subject);

  const identify = async (key: Credential, { signal }: CallContext): Promise<Principal> => {
    if ((await secretIds.lookUp({ secretId: secretIdOf(key) }, signal)) !== undefined) return principal;
    throw new RotationError('UNAUTHENTICATED', {
      subject,
      action: 'look the secret id up',
      reason: `${principal.display} has no such secret id: it is expired or destroyed, or never was`,
    });
  };

  /** A key that was read from a store is known by its value alone; undefined when it is dead. */
  const accessorOf = async (
    { id, material }: EndingKey,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    if (material === undefined) return id;
    const { accessor } = (await secretIds.lookUp({ secretId: secretIdOf(await material()) }, signal)) ?? {};
    return accessor;
  };

  return {
    propagation: PROPAGATION,
    preflight: (oldKey, call) =>
      preflightAppRole(
        {
          subject,
          secretIds,
          validate: () => void secretIdOf(oldKey),
          oldKey,
          mayDo: (paths, { signal }) => askAccess(api, subject, paths, { signal }),
          server: (asked) => serverFindings(client, session, options.auth.method === 'token', asked),
          ttlSeconds: options.ttlSeconds,
          now: clock.now(),
        },
        call,
      ),
    // The accessor is not in the secret id: Vault has to be asked for it.
    keyIdOf: () => undefined,
    validate: (key) => void secretIdOf(key),
    identify,
    listKeys: async ({ signal }) => {
      const records: KeyRecord[] = [];
      for (const accessor of await secretIds.accessors(signal)) {
        const facts = await secretIds.lookUp({ accessor }, signal);
        // It went between the two questions.
        if (facts !== undefined) records.push(recordOf(facts));
      }
      return records;
    },
    createKey: async (label, { signal }) => {
      const { secretId, accessor } = await secretIds.create(label, options, signal);
      return { id: accessor, credential: { [PART]: secretId } };
    },
    deactivateKey: async (ref, { signal }) => {
      const accessor = await accessorOf(ref, signal);
      if (accessor !== undefined) await secretIds.destroy(accessor, signal);
    },
    close: async () => {
      await session.close();
      client.close();
    },
  };
}

/** Without a label of ours it has an empty one: somebody else's secret id must not be taken for an orphan. */
function recordOf({ accessor, createdAt, label }: SecretIdFacts): KeyRecord {
  return { id: accessor, status: 'active', createdAt, label: label ?? '' };
}

/** A UUID unless somebody chose it: then anything without white space that is not too short to be one. */
function requireSecretId(key: Credential, subject: string): Secret {
  const secretId = key[PART];
  const text = secretId?.reveal() ?? '';
  const reason =
    text.trim() === ''
      ? 'it has no secret id'
      : /\s/.test(text)
        ? 'the secret id has white space in front, inside or behind'
        : text.length < SHORTEST
          ? `the secret id is shorter than ${SHORTEST} characters`
          : undefined;
  if (reason === undefined && secretId !== undefined) return secretId;
  throw new RotationError('REFUSED', {
    subject,
    action: 'read the key',
    reason: reason ?? 'it has no secret id',
  });
}

const SHORTEST = 8;
