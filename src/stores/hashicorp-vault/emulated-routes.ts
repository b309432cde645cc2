import type { EmulatedAnswer, EmulatedRequest } from '../../lib/emulator/loopback-server.ts';
import { failed, wrapped } from '../../lib/vault/emulator/answers.ts';
import type { EmulatedLogins } from '../../lib/vault/emulator/logins.ts';
import { capabilitiesOn, health, type ServerState, system } from '../../lib/vault/emulator/system.ts';
import type { EmulatedTokens } from '../../lib/vault/emulator/tokens.ts';
import type { EmulatedMounts } from './emulated-mounts.ts';
import { uiMounts } from './emulated-ui-mounts.ts';

export interface Routes {
  readonly state: ServerState;
  readonly tokens: EmulatedTokens;
  readonly logins: EmulatedLogins;
  /** '' is the root namespace. */
  readonly namespaces: ReadonlyMap<string, EmulatedMounts>;
}

const MOST_REQUEST_BYTES = 32 * 1024 * 1024;

export function isKvWrite({ method, path }: EmulatedRequest): boolean {
  return method !== 'GET' && !path.startsWith('/v1/sys/') && !path.startsWith('/v1/auth/');
}

/** In the order in which Vault looks: state of the node, namespace, login, token, policy, mount. */
export function route(request: EmulatedRequest, routes: Routes): EmulatedAnswer {
  const { state, tokens, logins, namespaces } = routes;
  const path = request.path
    .replace(/^\/v1\//, '')
    .split('/')
    .map(decodeURIComponent)
    .join('/');
  if (path === 'sys/health') return health(state, request);
  if (state.sealed) return failed(503, 'Vault is sealed');
  if (state.activeNode !== undefined) {
    return { status: 307, headers: { location: `${state.activeNode}${request.url}` } };
  }
  if (request.body.length > MOST_REQUEST_BYTES) return failed(413, 'http: request body too large');
  const mounts = namespaces.get(String(request.headers['x-vault-namespace'] ?? '').replace(/\/+$/, ''));
  if (mounts === undefined) return failed(404, 'namespace not found');
  const login = logins.handle(path, request);
  if (login !== undefined) return login;
  const token = tokens.use(request.headers['x-vault-token']?.toString());
  if (token === undefined) return failed(403, 'permission denied');
  return (
    system(path, request, token, { state, tokens }) ??
    uiMounts(path, mounts, state) ??
    keyValue(path, request, mounts, state)
  );
}

function keyValue(
  path: string,
  request: EmulatedRequest,
  mounts: EmulatedMounts,
  state: ServerState,
): EmulatedAnswer {
  const mount = mounts.find(path);
  const granted = capabilitiesOn(path, state);
  const needed = mount?.kv?.capability(request.method, mount.rest) ?? 'read';
  if (!granted.includes('root') && !granted.includes(needed))
    return failed(403, wrapped('permission denied'));
  if (mount === undefined) return failed(404, `no handler for route "${path}". route entry not found.`);
  if (mount.kv === undefined) return failed(404, wrapped('unsupported path'));
  return mount.kv.handle(mount.rest, request);
}
