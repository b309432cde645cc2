import type { Clock } from '../../core/clock.ts';
import { type Credential, VALUE_PART } from '../../core/credential.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import { jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpClient } from '../../lib/http/http-client.ts';
import { meError } from './postman-error.ts';

/** What `GET /me` tells of a live key. It names the user and the team, never the key. */
export interface Me {
  readonly principal: Principal;
  /** The month's API calls; guests and partners are not told. */
  readonly quota: { readonly limit: number; readonly usage: number } | undefined;
}

/** @throws RotationError UNAUTHENTICATED when the key is dead, and what else an answer or its absence can mean */
export async function askMe(
  http: HttpClient,
  key: Credential,
  settings: { readonly name: string; readonly clock: Clock },
  ctx: CallContext,
): Promise<Me> {
  const about = { subject: settings.name, action: 'ask Postman who the key acts as' };
  const answer = await http.send({
    ...about,
    method: 'GET',
    path: '/me',
    // Never in the query: it would end up in the access logs on the way.
    headers: { 'x-api-key': key[VALUE_PART]?.reveal() ?? '', accept: 'application/json' },
    effect: 'read',
    signal: ctx.signal,
  });
  if (answer.status !== 200) throw meError(answer, about, settings.clock.now());
  const me = parseMe(jsonOf(answer, { ...about, effect: 'read' }));
  if (me === undefined) throw strangeAnswer(answer, { ...about, effect: 'read' });
  return me;
}

interface MeBody {
  readonly user?: {
    readonly id?: unknown;
    readonly username?: unknown;
    readonly teamId?: unknown;
    readonly teamName?: unknown;
  };
  readonly operations?: unknown;
}

function parseMe(body: unknown): Me | undefined {
  const { user, operations } = (body ?? {}) as MeBody;
  if (typeof user?.id !== 'number') return undefined;
  // 0, or nothing, for somebody without a team.
  const teamId = typeof user.teamId === 'number' ? user.teamId : 0;
  const username = typeof user.username === 'string' ? user.username : `user ${user.id}`;
  const team = typeof user.teamName === 'string' && user.teamName !== '' ? user.teamName : `team ${teamId}`;
  return {
    principal: {
      id: `${user.id}:${teamId}`,
      display: teamId === 0 ? username : `${username} in ${team}`,
      details: { userId: user.id, teamId },
    },
    quota: quotaOf(operations),
  };
}

function quotaOf(operations: unknown): Me['quota'] {
  if (!Array.isArray(operations)) return undefined;
  for (const operation of operations as ({ name?: unknown; limit?: unknown; usage?: unknown } | null)[]) {
    if (operation?.name !== 'api_usage') continue;
    const { limit, usage } = operation;
    return typeof limit === 'number' && typeof usage === 'number' ? { limit, usage } : undefined;
  }
  return undefined;
}
