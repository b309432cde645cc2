import type { EmulatedSessions } from '../../lib/conjur/emulator/sessions.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import type { EmulatedVariable, EmulatedVariables } from './emulated-variables.ts';
import { isDynamic } from './variable.ts';
import type { Privilege } from './variable-api.ts';

/** Who may log in, and how. */
export interface EmulatedIdentity {
  readonly account: string;
  readonly username: string;
  readonly jwt: { readonly serviceId: string; readonly token: string };
}

export interface EmulatedAppliance {
  readonly variables: EmulatedVariables;
  readonly sessions: EmulatedSessions;
  identity(): EmulatedIdentity;
  /** A follower refuses writes. */
  readonly readOnly: boolean;
  /** How many of the versions are shown: a follower may be behind. */
  shown(id: string, variable: EmulatedVariable): EmulatedVariable['versions'];
  written(): void;
}

const EMPTY = (status: number): EmulatedAnswer => ({ status });

export function conjurService(appliance: EmulatedAppliance): EmulatedService {
  return {
    isWrite: ({ method, path }) =>
      (method === 'POST' && path.startsWith('/secrets/')) || (method === 'PUT' && path.endsWith('/api_key')),
    handle: (request) => route(appliance, request),
    errorBody: (status) => ({
      body: [404, 405, 409, 422].includes(status) ? errorBody(status, 'injected').body : '',
    }),
  };
}

function route(appliance: EmulatedAppliance, request: EmulatedRequest): EmulatedAnswer {
  const segments = request.path.split('/').slice(1).map(decodeURIComponent);
  const [area, account, kind, ...rest] = segments;
  if (area === 'authn' || area === 'authn-jwt') return authenticate(appliance, request, segments);
  if (!appliance.sessions.accepts(request.headers.authorization)) return EMPTY(401);
  const { username } = appliance.identity();
  if (area === 'whoami') {
    const agent = request.headers['user-agent'] ?? '';
    return json(200, {
      client_ip: '127.0.0.1',
      user_agent: agent,
      account: appliance.identity().account,
      username,
    });
  }
  const id = rest.join('/');
  if (kind !== 'variable' || account !== appliance.identity().account)
    return notFound(`${account}:${kind}:${id}`);
  if (area === 'resources') return resource(appliance, request, account, id);
  if (area === 'secrets') return secret(appliance, request, account, id);
  return EMPTY(404);
}

function authenticate(
  { identity, sessions, written }: EmulatedAppliance,
  { method, body, headers }: EmulatedRequest,
  [area, first, second, ...rest]: readonly string[],
): EmulatedAnswer {
  const { account, username, jwt } = identity();
  if (method === 'PUT' && area === 'authn' && second === 'api_key') {
    // A token is not enough to rotate one's own key: only the key itself is.
    if (headers.authorization?.startsWith('Basic ') !== true)
      return errorBody(401, 'Credential strength is insufficient');
    const basic = Buffer.from(`${username}:${sessions.apiKey()}`, 'utf8').toString('base64');
    if (first !== account || headers.authorization !== `Basic ${basic}`) return EMPTY(401);
    written();
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: sessions.rotateApiKey() };
  }
  if (method !== 'POST' || rest.at(-1) !== 'authenticate') return EMPTY(404);
  const good =
    area === 'authn'
      ? first === account && second === username && body === sessions.apiKey()
      : first === jwt.serviceId && second === account && new URLSearchParams(body).get('jwt') === jwt.token;
  return good ? { status: 200, headers: JSON_TYPE, body: sessions.issue(username) } : EMPTY(401);
}

function resource(
  { variables, shown, identity }: EmulatedAppliance,
  { query }: EmulatedRequest,
  account: string,
  id: string,
): EmulatedAnswer {
  const variable = visible(variables, id);
  if (variable === undefined) return notFound(`${account}:variable:${id}`, account);
  if (query.has('check')) {
    const privilege = query.get('privilege');
    if (privilege === null) return errorBody(422, 'privilege is missing');
    return EMPTY(variable.privileges.has(privilege as Privilege) ? 204 : 404);
  }
  const policy = `${account}:policy:root`;
  const role = `${account}:host:${identity().username}`;
  return json(200, {
    created_at: '2025-01-01T00:00:00.000+00:00',
    id: `${account}:variable:${id}`,
    owner: policy,
    policy,
    permissions: [...variable.privileges].map((privilege) => ({ privilege, role, policy })),
    annotations: [...variable.annotations].map(([name, value]) => ({ name, value, policy })),
    secrets: shown(id, variable).map(({ version }) => ({ version, expires_at: null })),
  });
}

function secret(
  appliance: EmulatedAppliance,
  { method, query, body }: EmulatedRequest,
  account: string,
  id: string,
): EmulatedAnswer {
  const variable = visible(appliance.variables, id);
  if (method === 'POST') return setSecret(appliance, variable, account, id, body);
  if (variable === undefined) return emptyOrNotFound(account, id);
  if (!variable.privileges.has('execute')) return EMPTY(403);
  const versions = appliance.shown(id, variable);
  const wanted = query.get('version');
  const found =
    wanted === null ? versions.at(-1) : versions.find(({ version }) => String(version) === wanted);
  if (found === undefined) return emptyOrNotFound(account, id);
  const type = variable.annotations.get('conjur/mime_type') ?? 'application/octet-stream';
  return { status: 200, headers: { 'content-type': type }, body: found.value };
}

function setSecret(
  { readOnly, variables, written }: EmulatedAppliance,
  variable: EmulatedVariable | undefined,
  account: string,
  id: string,
  value: string,
): EmulatedAnswer {
  if (readOnly) return json(405, { error: { code: 405, message: 'Write operations are not allowed' } });
  if (variable === undefined) return notFound(`${account}:variable:${id}`, account);
  if (!variable.privileges.has('update')) return EMPTY(403);
  if (isDynamic(id))
    return errorBody(405, 'adding a static secret to a dynamic secret variable is not allowed');
  if (value.trim() === '') return errorBody(422, "'value' may not be empty");
  variables.set(id, value);
  written();
  return EMPTY(201);
}

/** Any privilege makes a variable visible; without one it is as if it were not there. */
function visible(variables: EmulatedVariables, id: string): EmulatedVariable | undefined {
  const variable = variables.get(id);
  return variable === undefined || variable.privileges.size === 0 ? undefined : variable;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

function json(status: number, document: unknown): EmulatedAnswer {
  return { status, headers: JSON_TYPE, body: JSON.stringify(document) };
}

const CODES: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'policy_conflict',
  422: 'argument_error',
};

function errorBody(status: number, message: string): EmulatedAnswer & { readonly body: string } {
  const body = JSON.stringify({ error: { code: CODES[status] ?? 'error', message } });
  return { status, headers: JSON_TYPE, body };
}

function notFound(id: string, account = ''): EmulatedAnswer {
  const message = `Variable '${id}' not found in account '${account}'`;
  const details = { code: 'not_found', target: 'id', message: id };
  return json(404, { error: { code: 'not_found', message, target: 'variable', details } });
}

function emptyOrNotFound(account: string, id: string): EmulatedAnswer {
  return errorBody(404, `CONJ00076E Variable ${account}:variable:${id} is empty or not found.`);
}
