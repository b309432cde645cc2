import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import {
  bodyOf,
  errorBody,
  json,
  pageOf,
  problem,
  segmentsOf,
  tokenOf,
} from '../../lib/gitlab/emulator/answers.ts';
import { type EmulatedToken, type EmulatedTokens, rendered } from './emulated-tokens.ts';

export interface EmulatedTokenService {
  readonly tokens: EmulatedTokens;
  /** The one owner there is beside us. */
  owner(): string;
  /** Most days a new token may live. */
  readonly longestDays: number;
  /** Whether keyturn's user has the role that the tokens of the owner want. */
  mayManage(): boolean;
  changed(): void;
}

const DAY_MS = 86_400_000;

export function tokenService(service: EmulatedTokenService): EmulatedService {
  return {
    isWrite: ({ method }) => method !== 'GET',
    handle: (request) => route(service, request),
    errorBody,
  };
}

function route(service: EmulatedTokenService, request: EmulatedRequest): EmulatedAnswer {
  const asking = service.tokens.accept(tokenOf(request));
  if (asking === undefined) return dead();
  asking.lastUsedAt = new Date().toISOString();
  const [area, first = '', second, third] = segmentsOf(request);
  if (area === 'personal_access_tokens' && first === 'self') {
    const { access_level: _untold, ...told } = rendered(asking) as Record<string, unknown>;
    return request.method === 'GET' ? json(200, told) : problem(405);
  }
  if (!asking.scopes.includes('api')) return problem(403);
  // So GitLab answers to who may not see them, and has another answer to who may not make or revoke.
  if (!service.mayManage()) return problem(request.method === 'GET' ? 401 : 400);
  if (area === 'personal_access_tokens') return ofUsers(service, request, first);
  const owner = `${area}/${first}`;
  if (owner !== service.owner()) return problem(404, '404 Not Found');
  if (area === 'users')
    return second === 'personal_access_tokens' && request.method === 'POST'
      ? create(service, request, owner)
      : problem(404);
  if (second !== 'access_tokens') return problem(404);
  return ofOwner(service, request, owner, third);
}

/** `/personal_access_tokens`, for an administrator. */
function ofUsers(service: EmulatedTokenService, request: EmulatedRequest, id: string): EmulatedAnswer {
  const personal = service.tokens.all().filter((token) => token.owner.startsWith('users/'));
  if (id !== '') return one(service, request, personal, id);
  const user = request.query.get('user_id');
  const wanted = personal.filter((token) => user === null || String(token.userId) === user);
  return pageOf(wanted.map(rendered), request);
}

function ofOwner(
  service: EmulatedTokenService,
  request: EmulatedRequest,
  owner: string,
  id: string | undefined,
): EmulatedAnswer {
  const theirs = service.tokens.all().filter((token) => token.owner === owner);
  if (id !== undefined) return one(service, request, theirs, id);
  if (request.method === 'POST') return create(service, request, owner);
  return pageOf(theirs.map(rendered), request);
}

function one(
  { changed }: EmulatedTokenService,
  request: EmulatedRequest,
  tokens: readonly EmulatedToken[],
  id: string,
): EmulatedAnswer {
  const token = tokens.find((each) => String(each.id) === id);
  if (token === undefined) return problem(404, '404 Access Token Not Found');
  if (request.method === 'GET') return json(200, rendered(token));
  if (request.method !== 'DELETE') return problem(405);
  // Its bot is gone with it, and no search finds it by its number.
  if (token.revoked && token.accessLevel !== undefined) return problem(404, '404 Access Token Not Found');
  if (token.revoked) return problem(400);
  token.revoked = true;
  changed();
  return { status: 204 };
}

function create(service: EmulatedTokenService, request: EmulatedRequest, owner: string): EmulatedAnswer {
  const { name, scopes, expires_at: expiresAt, access_level: level = 40 } = bodyOf(request);
  const missing = [
    typeof name === 'string' && name !== '' ? [] : ['name is missing'],
    Array.isArray(scopes) && scopes.length > 0 ? [] : ['scopes is missing'],
  ].flat();
  if (missing.length > 0) return json(400, { error: missing.join(', ') });
  const days = (Date.parse(String(expiresAt)) - Date.now()) / DAY_MS;
  if (!(days > 0 && days <= service.longestDays)) {
    const latest = new Date(Date.now() + service.longestDays * DAY_MS).toISOString().slice(0, 10);
    return problem(400, `Expiration date must be before ${latest}`);
  }
  const token = service.tokens.make({
    name: String(name),
    scopes: (scopes as unknown[]).map(String),
    owner,
    accessLevel: owner.startsWith('users/') ? undefined : Number(level),
    expiresAt: String(expiresAt),
  });
  service.changed();
  return json(201, { ...rendered(token), token: token.value });
}

function dead(): EmulatedAnswer {
  const error_description = 'Token was revoked. You have to re-authorize from the user.';
  return json(401, { error: 'invalid_token', error_description });
}
