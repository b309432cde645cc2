import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import { missingScopes } from './api-token.ts';
import type { EmulatedToken, EmulatedTokens } from './emulated-tokens.ts';

/** Small, so that the list has several pages; the real one gives at most 100. */
const PAGE = 5;

const WORKSPACE = 4711;

export function gitguardianService(tokens: EmulatedTokens, changed: () => void): EmulatedService {
  return {
    isWrite: ({ method }) => method !== 'GET',
    handle: (request) => route(tokens, request, changed),
    errorBody: (status) => ({ body: detail(status).body ?? '' }),
  };
}

function route(tokens: EmulatedTokens, request: EmulatedRequest, changed: () => void): EmulatedAnswer {
  const [, value = ''] = /^Token (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const caller = tokens.accepts(value);
  if (caller === undefined) return detail(401);
  caller.lastUsedAt = new Date().toISOString();
  const [, , area, id] = request.path.split('/');
  if (!request.path.startsWith('/v1/') || area !== 'api_tokens') return detail(404);
  if (id === 'self' && request.method === 'GET') return json(200, described(caller));
  const right = request.method === 'GET' ? 'api_tokens:read' : 'api_tokens:write';
  if (missingScopes([right], caller.scopes).length > 0) return detail(403);
  if (id === undefined) {
    return request.method === 'POST' ? create(tokens, caller, request, changed) : list(tokens, request);
  }
  const token = tokens.find(id);
  if (token === undefined) return detail(404);
  if (request.method === 'GET') return json(200, described(token));
  if (request.method !== 'DELETE') return detail(405);
  if (token.status !== 'active') return detail(404);
  token.status = 'revoked';
  changed();
  return { status: 204 };
}

function create(
  tokens: EmulatedTokens,
  caller: EmulatedToken,
  { body }: EmulatedRequest,
  changed: () => void,
): EmulatedAnswer {
  const { name, type, scopes, lifetime } = JSON.parse(body) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof lifetime !== 'number')
    return json(400, { name: ['This field is required.'] });
  if (type !== caller.type) return json(400, { type: ['It must be the type of the token of the request.'] });
  if (tokens.all().some((token) => token.name === name && token.status === 'active'))
    return json(400, { name: ['A token of this name already exists.'] });
  const wanted = (scopes as string[] | undefined) ?? [];
  if (missingScopes(wanted, caller.scopes).length > 0) return json(400, { scopes: ['They exceed yours.'] });
  const token = tokens.make({ name, type: caller.type, memberId: caller.memberId, scopes: wanted });
  changed();
  return json(201, { ...described(token), key: token.value });
}

function list(tokens: EmulatedTokens, { query, url }: EmulatedRequest): EmulatedAnswer {
  const from = Number(query.get('cursor') ?? 0);
  const all = tokens.all();
  const page = json(200, all.slice(from, from + PAGE).map(described));
  if (from + PAGE >= all.length) return page;
  const next = new URL(url, 'https://api.gitguardian.com');
  next.searchParams.set('cursor', String(from + PAGE));
  const previous = `<${new URL(url, next).href}>; rel="prev"`;
  return { ...page, headers: { ...page.headers, link: `${previous}, <${next.href}>; rel="next"` } };
}

function described(token: EmulatedToken): object {
  return {
    id: token.id,
    name: token.name,
    workspace_id: WORKSPACE,
    type: token.type,
    status: token.status,
    created_at: token.createdAt,
    last_used_at: token.lastUsedAt,
    expire_at: null,
    revoked_at: null,
    member_id: token.memberId,
    creator_id: 1,
    scopes: token.scopes,
  };
}

const DETAILS: Readonly<Record<number, string>> = {
  401: 'Invalid API key.',
  403: 'You do not have permission to perform this action.',
  404: 'Not found.',
  405: 'Method not allowed.',
};

function detail(status: number): EmulatedAnswer {
  return json(status, { detail: DETAILS[status] ?? `Status ${status}.` });
}

function json(status: number, body: object): EmulatedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
