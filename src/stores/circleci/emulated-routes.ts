import { API, bodyOf, errorBody, json, pageOf, problem } from '../../lib/circleci/emulator/answers.ts';
import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../lib/emulator/loopback-server.ts';
import type { EmulatedPlace, EmulatedPlaces, EmulatedVariable } from './emulated-places.ts';

/** Small, so that lists have more than one page. */
const PAGE = 2;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface EmulatedCircleci {
  readonly places: EmulatedPlaces;
  readonly token: string;
  readonly user: { readonly id: string; readonly login: string };
  /** Slug or UUID. */
  organization(): string;
  /** An older server: of a variable it tells no more than its name. */
  silent(): boolean;
  written(): void;
}

export function circleciService(circleci: EmulatedCircleci): EmulatedService {
  return {
    isWrite: ({ method }) => method !== 'GET',
    handle: (request) => route(circleci, request),
    errorBody,
  };
}

function route(circleci: EmulatedCircleci, request: EmulatedRequest): EmulatedAnswer {
  if (request.headers['circle-token'] !== circleci.token) return problem(401);
  if (!request.path.startsWith(`${API}/`)) return problem(404);
  const [area, ...rest] = request.path
    .slice(API.length + 1)
    .split('/')
    .map(decodeURIComponent);
  if (area === 'me') return json(200, { ...circleci.user, name: 'Rotation Robot' });
  if (area === 'project') return project(circleci, request, rest);
  if (area !== 'context') return problem(404);
  return rest.length === 0 ? contexts(circleci, request) : context(circleci, request, rest);
}

function project(
  { places, written }: EmulatedCircleci,
  request: EmulatedRequest,
  [vcs, organization, repository, area, name]: readonly string[],
): EmulatedAnswer {
  const place = places.find('project', `${vcs}/${organization}/${repository}`);
  if (place === undefined || area !== 'envvar') return problem(404, 'Project not found');
  if (request.method === 'GET' && name === undefined) {
    return pageOf(
      [...place.variables].map(([each, variable]) => masked(each, variable)),
      request,
      PAGE,
    );
  }
  if (request.method !== 'POST' || name !== undefined) return problem(404);
  const { name: wanted, value } = bodyOf(request);
  if (typeof wanted !== 'string' || !NAME.test(wanted) || typeof value !== 'string')
    return problem(400, 'Invalid environment variable');
  written();
  return json(201, masked(wanted, places.set(place, wanted, value)));
}

/** Four characters at most; all but one of a short value stay hidden too. */
function masked(name: string, { value, createdAt }: EmulatedVariable): object {
  const end = value.slice(-Math.min(4, Math.max(0, value.length - 4)));
  return { name, value: `xxxx${value.length > 4 ? end : ''}`, 'created-at': createdAt };
}

function contexts({ places, organization }: EmulatedCircleci, request: EmulatedRequest): EmulatedAnswer {
  if (request.method !== 'GET') return problem(404);
  const owner = request.query.get('owner-slug') ?? request.query.get('owner-id');
  if (owner === null) return problem(400, 'owner-slug or owner-id is required');
  const found = owner === organization() ? places.contexts() : [];
  return pageOf(
    found.map(({ id, name }) => ({ id, name, created_at: '2025-01-01T00:00:00.000Z' })),
    request,
    PAGE,
  );
}

function context(
  { places, silent, written }: EmulatedCircleci,
  request: EmulatedRequest,
  [id = '', area, name]: readonly string[],
): EmulatedAnswer {
  const place = places.find('context', id);
  if (place === undefined || area !== 'environment-variable') return problem(404, 'Context not found.');
  if (request.method === 'GET' && name === undefined) {
    return pageOf(
      [...place.variables].map(([each, variable]) => described(place, each, variable, silent())),
      request,
      PAGE,
    );
  }
  const { value } = bodyOf(request);
  if (request.method !== 'PUT' || name === undefined) return problem(404);
  if (!NAME.test(name) || typeof value !== 'string') return problem(400, 'Invalid environment variable');
  written();
  return json(200, described(place, name, places.set(place, name, value), silent()));
}

function described(
  { id }: EmulatedPlace,
  variable: string,
  { createdAt, updatedAt }: EmulatedVariable,
  silent: boolean,
): object {
  if (silent) return { variable, context_id: id };
  return { variable, created_at: createdAt, updated_at: updatedAt, context_id: id };
}
