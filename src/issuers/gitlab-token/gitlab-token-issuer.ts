import { VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Issuer, KeyRecord, Propagation } from '../../core/plugins/issuer.ts';
import { openGitlab } from '../../lib/gitlab/gitlab-client.ts';
import type { TokenFacts } from '../../lib/gitlab/token-facts.ts';
import { lookAtToken, principalOf } from './identify.ts';
import type { GitlabTokenOptions } from './options.ts';
import { ownerOf } from './owner.ts';
import { preflightTokens } from './preflight.ts';
import { tokenOf } from './token-format.ts';
import { numberByMaterial, numberByPrincipal } from './token-number.ts';
import { likenessOf, tokenWish } from './token-wish.ts';
import { tokensApi } from './tokens-api.ts';

/** GitLab documents no delay; a large one answers from replicas of its database. */
const PROPAGATION: Propagation = { confirmations: 2, intervalMs: 2_000, deadlineMs: 60_000 };

/**
 * A second token is made beside the old one. GitLab's own rotation is never asked for: it kills the old token at once,
 * and repeated with a dead one it kills every token that descends from it.
 * @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved
 */
export async function openGitlabTokenIssuer(options: GitlabTokenOptions, open: OpenContext): Promise<Issuer> {
  const client = await openGitlab(options, open);
  const owner = ownerOf(options.of);
  const api = tokensApi(client, owner);
  const parts = { client, api, owner, options };
  const { name: subject, clock } = open;

  return {
    propagation: PROPAGATION,
    preflight: (oldKey, { signal }) => preflightTokens(parts, oldKey, signal),
    keyIdOf: () => undefined,
    validate: (key) => {
      tokenOf(key, subject);
    },
    identify: async (key, { signal }) =>
      principalOf(await lookAtToken(parts, tokenOf(key, subject), signal), owner, options),
    listKeys: async ({ signal }) => (await api.list(signal)).map(recordOf),
    createKey: async (label, { signal, replaces }) => {
      const likeness = likenessOf(options, owner, replaces?.principal?.details);
      const wish = tokenWish(label, likeness, { now: clock.now(), subject });
      const { facts, token } = await api.create(wish, signal);
      return { id: facts.id, credential: { [VALUE_PART]: token } };
    },
    deactivateKey: async (key, { signal }) => {
      const id = await numberByMaterial(client, key, signal);
      if (id !== undefined) await api.revoke(id, signal);
    },
    lastUsed: async (key, { signal }) => {
      const id = numberByPrincipal(subject, key);
      const facts = await api.get(id, signal);
      if (facts !== undefined) return { lastUsedAt: facts.lastUsedAt };
      throw new RotationError('NOT_FOUND', { subject, reason: `${owner.ref} has no token number ${id}` });
    },
    close: async () => client.close(),
  };
}

function recordOf({ id, active, createdAt, name }: TokenFacts): KeyRecord {
  return {
    id,
    status: active ? 'active' : 'inactive',
    ...(createdAt === undefined ? {} : { createdAt }),
    label: name,
  };
}
