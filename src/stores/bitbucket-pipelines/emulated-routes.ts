import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import type { EmulatedPlaces, EmulatedVariable } from './emulated-places.ts';

export interface EmulatedBitbucket {
  readonly places: EmulatedPlaces;
  /** The one value of the header that is let in. */
  readonly authorization: string;
  /** Undefined for an access token, which is no user; a text where the token lacks the scope of that name. */
  user(): object | string | undefined;
  written(): void;
}

const BASE = '/2.0';

export function bitbucketService(bitbucket: EmulatedBitbucket): EmulatedService {
  return {
    isWrite: ({ method }) => method !== 'GET',
    handle: (request) => route(bitbucket, request),
    errorBody: (status) => ({ body: error(status, `status ${status}`).body ?? '' }),
  };
}

function route(bitbucket: EmulatedBitbucket, request: EmulatedRequest): EmulatedAnswer {
  if (request.headers.authorization !== bitbucket.authorization)
    return error(401, 'Token is invalid, expired, or not supported for this endpoint.');
  if (!request.path.startsWith(`${BASE}/`)) return error(404, 'Resource not found');
  const [area, ...rest] = request.path
    .slice(BASE.length + 1)
    .split('/')
    .map(decodeURIComponent);
  if (area === 'user') {
    const user = bitbucket.user();
    if (typeof user === 'string') return unscoped(user);
    return user === undefined ? error(403, 'This API is not accessible by this access token.') : json(user);
  }
  const found = refOf(area, rest);
  if (found === undefined) return environments(bitbucket, request, area, rest);
  const variables = bitbucket.places.find(found.ref);
  if (variables === undefined) return error(404, 'Repository not found');
  if (found.uuid === undefined)
    return request.method === 'GET' ? pageOf(variables.map(rendered), request) : error(404, 'Not found');
  return one(
    bitbucket,
    request,
    found.ref,
    variables.find(({ uuid }) => uuid === found.uuid),
  );
}

/** Which variables a path is about; the three places are spelt in three ways. */
function refOf(
  area: string | undefined,
  [workspace, second, ...rest]: readonly string[],
): { readonly ref: string; readonly uuid: string | undefined } | undefined {
  if (area === 'workspaces' && second === 'pipelines-config' && rest[0] === 'variables')
    return { ref: `workspaces/${workspace}`, uuid: rest[1] };
  if (area !== 'repositories') return undefined;
  if (rest[0] === 'pipelines_config' && rest[1] === 'variables')
    return { ref: `repositories/${workspace}/${second}`, uuid: rest[2] };
  if (rest[0] === 'deployments_config' && rest[1] === 'environments' && rest[3] === 'variables')
    return { ref: `deployments/${workspace}/${second}/${rest[2]}`, uuid: rest[4] };
  return undefined;
}

function environments(
  { places }: EmulatedBitbucket,
  request: EmulatedRequest,
  area: string | undefined,
  [workspace, repository, last]: readonly string[],
): EmulatedAnswer {
  const all = places.environments(`${workspace}/${repository}`);
  if (area !== 'repositories' || last !== 'environments' || all === undefined)
    return error(404, 'Resource not found');
  return pageOf(
    all.map((each) => ({ type: 'deployment_environment', ...each })),
    request,
  );
}

function one(
  { places, written }: EmulatedBitbucket,
  { method, body }: EmulatedRequest,
  ref: string,
  found: EmulatedVariable | undefined,
): EmulatedAnswer {
  // Of a deployment one variable cannot be asked for.
  if (found === undefined || (method === 'GET' && ref.startsWith('deployments')))
    return error(404, 'Variable not found');
  if (method === 'GET') return json(rendered(found));
  if (method !== 'PUT') return error(405, 'Method not allowed');
  const { key, value, secured = false } = JSON.parse(body) as Record<string, unknown>;
  if (typeof key !== 'string' || typeof value !== 'string') return error(400, 'Bad request');
  places.set(ref, key, value, secured === true);
  written();
  return json(rendered({ ...found, key, value, secured: secured === true }));
}

/** The value of a secured variable is left out. */
function rendered({ value, ...variable }: EmulatedVariable): object {
  return { type: 'pipeline_variable', ...variable, ...(variable.secured ? {} : { value }) };
}

function pageOf(items: readonly object[], { query, path, headers }: EmulatedRequest): EmulatedAnswer {
  const pagelen = Math.min(Number(query.get('pagelen') ?? 10), 100);
  const page = Number(query.get('page') ?? 1);
  const next = `http://${headers.host}${path}?pagelen=${pagelen}&page=${page + 1}`;
  return json({
    page,
    pagelen,
    size: items.length,
    values: items.slice((page - 1) * pagelen, page * pagelen),
    ...(page * pagelen < items.length ? { next } : {}),
  });
}

function unscoped(scope: string): EmulatedAnswer {
  const message = 'Your credentials lack one or more required privilege scopes.';
  const detail = { required: [scope], granted: ['read:pipeline:bitbucket', 'admin:pipeline:bitbucket'] };
  return { ...json({ type: 'error', error: { message, detail } }), status: 403 };
}

function error(status: number, message: string): EmulatedAnswer {
  return { ...json({ type: 'error', error: { message } }), status };
}

function json(body: object): EmulatedAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
