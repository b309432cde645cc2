import type { EmulatedAnswer, EmulatedRequest } from '../../emulator/loopback-server.ts';
import { answered, failed } from './answers.ts';
import { authOf } from './logins.ts';
import type { EmulatedToken, EmulatedTokens } from './tokens.ts';

/** The state a test may put the server into. */
export interface ServerState {
  sealed: boolean;
  /** Status that health has on this node (429 standby, 472, 473, 501); 200 otherwise. */
  healthStatus: number;
  /** When set, the node is a standby that sends everybody there (307). */
  activeNode: string | undefined;
  /** Path as policies name it (`*` at the end: all below) → capabilities; undefined: everything is allowed. */
  policy: Readonly<Record<string, readonly string[]>> | undefined;
  /** False for tokens that may not even look themselves up. */
  defaultPolicy: boolean;
  /** Place in the log that Enterprise servers tell with each write. */
  walIndex: string | undefined;
}

export function capabilitiesOn(path: string, { policy }: ServerState): readonly string[] {
  if (policy === undefined) return ['root'];
  const rule = Object.keys(policy)
    .filter((name) => name === path || (name.endsWith('*') && path.startsWith(name.slice(0, -1))))
    .sort((a, b) => b.length - a.length)[0];
  return (rule === undefined ? undefined : policy[rule]) ?? ['deny'];
}

export function health(state: ServerState, request: EmulatedRequest): EmulatedAnswer {
  if (request.headers['x-vault-namespace'] !== undefined) {
    return failed(400, 'operation unavailable in namespaces');
  }
  const tolerated =
    (state.healthStatus === 429 && request.query.get('standbyok') === 'true') ||
    (state.healthStatus === 473 && request.query.get('perfstandbyok') === 'true');
  const status = state.sealed ? 503 : tolerated ? 200 : state.healthStatus;
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      initialized: status !== 501,
      sealed: state.sealed,
      standby: state.healthStatus === 429,
      version: '2.7.2',
      cluster_name: 'vault-cluster-emulated',
    }),
  };
}

/** The token about itself, and what it may do; undefined for every other path. */
export function system(
  path: string,
  request: EmulatedRequest,
  token: EmulatedToken,
  { state, tokens }: { readonly state: ServerState; readonly tokens: EmulatedTokens },
): EmulatedAnswer | undefined {
  switch (path) {
    case 'auth/token/lookup-self':
      if (!state.defaultPolicy) return failed(403, '1 error occurred:\n\t* permission denied\n\n');
      return answered(JSON.stringify(selfOf(token, tokens)));
    case 'auth/token/renew-self':
      tokens.renew(token);
      return answered('null', { auth: authOf(token, tokens) });
    case 'auth/token/revoke-self':
      tokens.revoke(token.id);
      return { status: 204 };
    case 'sys/capabilities-self': {
      const { paths } = JSON.parse(request.body) as { paths: string[] };
      return answered(
        JSON.stringify(Object.fromEntries(paths.map((wanted) => [wanted, capabilitiesOn(wanted, state)]))),
      );
    }
    default:
      return undefined;
  }
}

function selfOf(token: EmulatedToken, tokens: EmulatedTokens): Record<string, unknown> {
  const ttl = tokens.secondsLeft(token);
  return {
    id: token.id,
    display_name: token.displayName,
    entity_id: token.entityId,
    num_uses: token.usesLeft ?? 0,
    policies: ['default', 'keyturn'],
    renewable: !token.batch,
    ttl,
    type: token.batch ? 'batch' : 'service',
  };
}
