import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import { crc32c } from './crc32c.ts';
import type { EmulatedCaller } from './emulated-caller.ts';
import {
  ApiError,
  addVersion,
  assertEtag,
  type EmulatedSecret,
  etagOf,
  findVersion,
} from './emulated-secret.ts';

export interface EmulatedProject {
  readonly secrets: Map<string, EmulatedSecret>;
  readonly caller: EmulatedCaller;
  /** Permissions that are refused. */
  readonly denied: ReadonlySet<string>;
  /** Called for every write that was carried out. */
  readonly onEffect: () => void;
}

type Body = Readonly<Record<string, unknown>>;
interface Asked {
  readonly project: EmulatedProject;
  readonly secret: string;
  readonly version: string;
  readonly body: Body;
  readonly query: URLSearchParams;
}

/** Secret Manager's REST API, version 1. */
export function secretManagerService(project: EmulatedProject): EmulatedService {
  const isWrite = (request: EmulatedRequest): boolean => changesWhatIsRead(project, request);
  return {
    isWrite,
    handle: (request) => {
      try {
        const answer = json(200, answerTo(project, request));
        if (isWrite(request)) project.onEffect();
        return answer;
      } catch (error) {
        if (error instanceof ApiError) return failure(error.code, error.status, error.message);
        throw error;
      }
    },
    errorBody: (status) => {
      const { body = '', headers = {} } = failure(status, STATUSES[status] ?? 'INTERNAL', 'as injected');
      return { body, headers };
    },
  };
}

const STATUSES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

/** Method, path behind the secret, permission, work. */
const ROUTES: readonly (readonly [string, RegExp, string, (asked: Asked) => object])[] = [
  ['GET', /^$/, 'secretmanager.secrets.get', (asked) => described(find(asked))],
  ['PATCH', /^$/, 'secretmanager.secrets.update', update],
  ['POST', /^:addVersion$/, 'secretmanager.versions.add', add],
  ['POST', /^:testIamPermissions$/, '', ({ project, body }) => ({ permissions: allowed(project, body) })],
  ['GET', /^\/versions\/([^/:]+):access$/, 'secretmanager.versions.access', access],
  ['GET', /^\/versions\/([^/:]+)$/, 'secretmanager.versions.get', (asked) => versionOf(asked)],
  ['POST', /^\/versions\/([^/:]+):disable$/, 'secretmanager.versions.disable', disable],
];

function answerTo(project: EmulatedProject, request: EmulatedRequest): object {
  if (!project.caller.accepts(request.headers.authorization))
    throw new ApiError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  const path = decodeURIComponent(request.path).replace('/v1/', '');
  if (/\/secrets$/.test(path)) {
    refuse(project, 'secretmanager.secrets.list', path);
    return { secrets: [], totalSize: 0 };
  }
  const [, secret = '', rest = ''] = /^(projects\/.+?\/secrets\/[^/:]+)(.*)$/.exec(path) ?? [];
  for (const [method, pattern, permission, work] of ROUTES) {
    const match = method === request.method ? pattern.exec(rest) : null;
    if (match === null) continue;
    refuse(project, permission, secret);
    const body = JSON.parse(request.body === '' ? '{}' : request.body) as Body;
    return work({ project, secret, version: match[1] ?? '', body, query: request.query });
  }
  throw new ApiError(404, 'NOT_FOUND', 'The requested URL was not found on this server.');
}

function refuse({ denied }: EmulatedProject, permission: string, resource: string): void {
  if (!denied.has(permission)) return;
  const message = `Permission '${permission}' denied for resource '${resource}' (or it may not exist).`;
  throw new ApiError(403, 'PERMISSION_DENIED', message);
}

/** With an alias, readers do not notice a new version. */
function changesWhatIsRead({ secrets }: EmulatedProject, { method, path }: EmulatedRequest): boolean {
  if (method === 'PATCH') return true;
  if (method !== 'POST' || path.endsWith(':testIamPermissions')) return false;
  const secret = secrets.get(path.replace('/v1/', '').replace(/(:addVersion|\/versions\/.*)$/, ''));
  return !path.endsWith(':addVersion') || Object.keys(secret?.aliases ?? {}).length === 0;
}

function find({ project, secret }: Pick<Asked, 'project' | 'secret'>): EmulatedSecret {
  const found = project.secrets.get(secret);
  if (found !== undefined) return found;
  throw new ApiError(404, 'NOT_FOUND', `Secret [${secret}] not found or has no versions.`);
}

function described(secret: EmulatedSecret): object {
  const { name, aliases, labels, expireTime, rotation } = secret;
  return { name, etag: etagOf(secret), versionAliases: aliases, labels, expireTime, rotation };
}

function update(asked: Asked): object {
  const secret = find(asked);
  assertEtag(asked.body['etag'], etagOf(secret));
  const mask = asked.query.get('updateMask') ?? '';
  if (!/^(version_aliases|versionAliases)$/.test(mask))
    throw new ApiError(400, 'INVALID_ARGUMENT', 'The update mask is not valid.');
  const aliases = (asked.body['versionAliases'] ?? {}) as Record<string, string>;
  for (const version of Object.values(aliases)) findVersion(secret, String(version));
  secret.aliases = Object.fromEntries(Object.entries(aliases).map(([alias, to]) => [alias, String(to)]));
  secret.revision += 1;
  return described(secret);
}

function add(asked: Asked): object {
  const secret = find(asked);
  const { data = '', dataCrc32c } = (asked.body['payload'] ?? {}) as { data?: string; dataCrc32c?: string };
  const bytes = Buffer.from(data, 'base64');
  if (dataCrc32c !== undefined && Number(dataCrc32c) !== crc32c(bytes))
    throw new ApiError(400, 'INVALID_ARGUMENT', 'The checksum of the payload does not match.');
  const number = addVersion(secret, bytes);
  return {
    ...versionOf({ ...asked, version: String(number) }),
    clientSpecifiedPayloadChecksum: dataCrc32c !== undefined,
  };
}

function access(asked: Asked): object {
  const { number, version } = findVersion(find(asked), asked.version);
  const name = `${asked.secret}/versions/${number}`;
  if (version.state !== 'ENABLED')
    throw new ApiError(400, 'FAILED_PRECONDITION', `Secret Version [${name}] is in ${version.state} state.`);
  const payload = { data: version.data.toString('base64'), dataCrc32c: String(crc32c(version.data)) };
  return { name, payload };
}

function disable(asked: Asked): object {
  const secret = find(asked);
  const { number, version } = findVersion(secret, asked.version);
  assertEtag(asked.body['etag'], etagOf({ name: `${secret.name}/${number}`, revision: version.revision }));
  if (version.state === 'DESTROYED')
    throw new ApiError(400, 'FAILED_PRECONDITION', 'A destroyed version cannot be disabled.');
  version.state = 'DISABLED';
  version.revision += 1;
  return versionOf(asked);
}

function versionOf(asked: Asked): object {
  const secret = find(asked);
  const { number, version } = findVersion(secret, asked.version);
  const etag = etagOf({ name: `${secret.name}/${number}`, revision: version.revision });
  return { name: `${secret.name}/versions/${number}`, state: version.state, etag };
}

function allowed({ denied }: EmulatedProject, body: Body): string[] {
  return ((body['permissions'] ?? []) as string[]).filter((permission) => !denied.has(permission));
}

function failure(code: number, status: string, message: string): EmulatedAnswer {
  return json(code, { error: { code, message, status } });
}

function json(status: number, body: object): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(body),
  };
}
