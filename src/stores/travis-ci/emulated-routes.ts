import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import type { EmulatedRepositories, EmulatedRepository, EmulatedVar } from './emulated-repositories.ts';

export interface EmulatedTravis {
  readonly repositories: EmulatedRepositories;
  readonly token: string;
  /** Whether the one user may write. */
  writable(): boolean;
  written(): void;
}

export function travisService(travis: EmulatedTravis): EmulatedService {
  return {
    isWrite: ({ method }) => method !== 'GET',
    handle: (request) => route(travis, request),
    errorBody: (status) => ({
      body: error(status, ERROR_TYPES[status] ?? 'error', `status ${status}`).body ?? '',
    }),
  };
}

function route(travis: EmulatedTravis, request: EmulatedRequest): EmulatedAnswer {
  const { headers, method, path } = request;
  if (headers['travis-api-version'] !== '3') return error(404, 'not_found', 'resource not found');
  // Not JSON: it comes from what stands in front of the API.
  if (headers.authorization !== `token ${travis.token}`) return { status: 403, body: 'access denied' };
  if (method === 'GET' && path === '/user')
    return json({ '@type': 'user', id: 4711, login: 'rotation-robot' });
  const [, area, ref = '', kind, id] = path.split('/').map(decodeURIComponent);
  const repository = area === 'repo' ? travis.repositories.find(ref) : undefined;
  if (repository === undefined)
    return error(404, 'not_found', 'repository not found (or insufficient access)');
  if (kind === 'env_vars' && method === 'GET') {
    const vars = repository.vars.map((each) => rendered(repository, each, travis.writable()));
    return json({ '@type': 'env_vars', '@href': `/repo/${repository.id}/env_vars`, env_vars: vars });
  }
  const found = kind === 'env_var' ? repository.vars.find((each) => each.id === id) : undefined;
  if (found === undefined) return error(404, 'not_found', 'env_var not found (or insufficient access)');
  return one(travis, request, repository, found);
}

function one(
  { repositories, writable, written }: EmulatedTravis,
  { method, body }: EmulatedRequest,
  repository: EmulatedRepository,
  found: EmulatedVar,
): EmulatedAnswer {
  if (method === 'GET') return json(rendered(repository, found, writable()));
  if (method !== 'PATCH') return error(405, 'method_not_allowed', 'method not allowed');
  if (!writable()) return error(403, 'insufficient_access', 'operation requires write access to env_var');
  const changed = changedBy(found, body);
  repositories.replace(repository, changed);
  written();
  const after = repository.vars.find(({ id }) => id === changed.id) ?? changed;
  return json(rendered(repository, after, true));
}

/** What is not in the request stays as it was. */
function changedBy(found: EmulatedVar, body: string): EmulatedVar {
  const told = JSON.parse(body) as Record<string, unknown>;
  const { name, value, branch } = found;
  return {
    id: found.id,
    name: String(told['env_var.name'] ?? name),
    value: String(told['env_var.value'] ?? value),
    public: (told['env_var.public'] ?? found.public) === true,
    branch: 'env_var.branch' in told ? (told['env_var.branch'] as string | null) : branch,
  };
}

/** The value of a private variable is left out. */
function rendered(
  { id: repository }: EmulatedRepository,
  { value, ...variable }: EmulatedVar,
  write: boolean,
): object {
  return {
    '@type': 'env_var',
    '@href': `/repo/${repository}/env_var/${variable.id}`,
    '@representation': 'standard',
    '@permissions': { read: true, write },
    ...variable,
    ...(variable.public ? { value } : {}),
  };
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  401: 'login_required',
  403: 'insufficient_access',
  404: 'not_found',
  409: 'duplicate_resource',
  429: 'request_limit_reached',
  500: 'server_error',
};

function error(status: number, type: string, message: string): EmulatedAnswer {
  return { ...json({ '@type': 'error', error_type: type, error_message: message }), status };
}

function json(body: object): EmulatedAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
