import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { Secret } from '../../core/secret.ts';
import type { GitlabClient } from '../../lib/gitlab/gitlab-client.ts';
import { readList } from '../../lib/gitlab/read-list.ts';
import { type TokenFacts, tokenFactsIn } from '../../lib/gitlab/token-facts.ts';
import { strangeAnswer } from '../../lib/http/answer.ts';
import type { Owner } from './owner.ts';

/** The access tokens of one project, group or user. Every method throws RotationErrors only. */
export interface TokensApi {
  /** Revoked and expired ones too, to the last page. */
  list(signal: AbortSignal): Promise<readonly TokenFacts[]>;
  /** Undefined when the owner has none of this number. */
  get(id: string, signal: AbortSignal): Promise<TokenFacts | undefined>;
  /** @throws RotationError INDETERMINATE when the answer was lost, or does not hold the token */
  create(
    wish: JsonObject,
    signal: AbortSignal,
  ): Promise<{ readonly facts: TokenFacts; readonly token: Secret }>;
  /** For good. One that is dead already is success. */
  revoke(id: string, signal: AbortSignal): Promise<void>;
}

export function tokensApi(client: GitlabClient, owner: Owner): TokensApi {
  const subject = client.name;
  const itemOf = (id: string): string => `${owner.items}/${encodeURIComponent(id)}`;

  const list: TokensApi['list'] = async (signal) => {
    const about = { subject, action: `list the tokens of ${owner.ref}` };
    const items = (await seen(owner, about, () => readList(client, owner.list, about, signal))).map(
      tokenFactsIn,
    );
    // What is not understood is not left out: an orphan that is not seen would be made twice.
    if (!items.every((facts) => facts !== undefined))
      throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is no list of tokens' });
    return items;
  };

  const look = async (id: string, signal: AbortSignal): Promise<TokenFacts | undefined> => {
    const about = { subject, action: `look at token ${id} of ${owner.ref}`, effect: 'read' } as const;
    try {
      const ask = () => client.ask({ ...about, method: 'GET', path: itemOf(id) }, signal);
      const facts = tokenFactsIn(await seen(owner, about, ask));
      if (facts !== undefined) return facts;
    } catch (error) {
      if (isRotationError(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer describes no token' });
  };

  /** An administrator may revoke everybody's. */
  const refuseOthers = async (id: string, signal: AbortSignal): Promise<void> => {
    const facts = await look(id, signal);
    if (facts === undefined || isOf(owner, facts)) return;
    throw new RotationError('REFUSED', {
      subject,
      action: `revoke token ${id}`,
      reason: `it is of users/${facts.userId}, not of ${owner.ref}`,
    });
  };

  return {
    list,

    get: async (id, signal) => {
      const facts = await look(id, signal);
      return facts !== undefined && isOf(owner, facts) ? facts : undefined;
    },

    create: async (wish, signal) => {
      const about = { subject, action: `make a token of ${owner.ref}`, effect: 'write' } as const;
      const made = await client.ask({ ...about, method: 'POST', path: owner.create, body: wish }, signal);
      const facts = tokenFactsIn(made);
      if (facts === undefined || typeof made['token'] !== 'string' || made['token'] === '') {
        throw new RotationError('INDETERMINATE', {
          ...about,
          reason: 'the answer does not hold the token',
          hint: 'A token was probably made: `keyturn resume` looks for it.',
        });
      }
      return { facts, token: new Secret(made['token']) };
    },

    revoke: async (id, signal) => {
      if (owner.kind === 'user') await refuseOthers(id, signal);
      const about = { subject, action: `revoke token ${id} of ${owner.ref}`, effect: 'write' } as const;
      try {
        const answer = await client.send({ ...about, method: 'DELETE', path: itemOf(id) }, signal);
        if (answer.status !== 204) throw strangeAnswer(answer, about);
      } catch (error) {
        const absent = isRotationError(error, 'NOT_FOUND') || isRotationError(error, 'REFUSED');
        // GitLab has one answer for a dead token and for an owner that is not to be seen: the list tells them apart.
        if (!absent || (await list(signal)).some((token) => token.id === id && token.active)) throw error;
      }
    },
  };
}

/** Tokens of a project or group are asked for below it. */
function isOf({ userId }: Owner, facts: TokenFacts): boolean {
  return userId === undefined || facts.userId === userId;
}

/**
 * GitLab says 401 as well to a live token whose user may not see these tokens. About the token that is looked at it says
 * nothing: our own is asked with.
 */
async function seen<T>(
  { kind, ref }: Owner,
  about: { readonly subject: string; readonly action: string },
  look: () => Promise<T>,
): Promise<T> {
  try {
    return await look();
  } catch (cause) {
    if (!isRotationError(cause, 'UNAUTHENTICATED')) throw cause;
    const needed = kind === 'user' ? 'be an administrator' : `have the role Maintainer or Owner in ${ref}`;
    throw new RotationError(
      'PERMISSION_DENIED',
      {
        subject: about.subject,
        action: about.action,
        reason: `GitLab does not accept keyturn’s own token for that: ${cause.context.reason ?? 'status 401'}`,
        hint: `If the token is live, its user has to ${needed}.`,
      },
      { cause },
    );
  }
}
