import type {
  EmulatedAnswer,
  EmulatedRequest,
  EmulatedService as Service,
} from '../../emulator/loopback-server.ts';
import { mountsOf, type ServiceSpec } from '../service.ts';
import type { EmulatedSecret, EmulatedService, EmulatedSwarm } from './emulated-swarm.ts';

const NEWEST = '1.48';
const OLDEST = '1.24';

const NAME = /^[a-zA-Z0-9](?:[-_.a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const TOO_LARGE = 512_000;

export interface EmulatedEngine {
  readonly swarm: EmulatedSwarm;
  /** A worker knows nothing of secrets and services. */
  isManager: boolean;
  /** Why a service is not updated; undefined when it is. */
  refuse: (spec: ServiceSpec) => EmulatedAnswer | undefined;
  /** A service was given another spec, or a secret was removed. */
  changed(what: 'service' | 'secret'): void;
}

/**
 * The Engine API of a swarm, as far as secrets and services need it. To make a secret that no service uses is no write
 * here: nobody reads anything else for it.
 */
export function dockerService(engine: EmulatedEngine): Service {
  return {
    isWrite: ({ method, path }) => method === 'POST' && /\/services\/[^/]+\/update$/.test(path),
    handle: (request) => route(engine, request),
    errorBody: (status) => ({ body: JSON.stringify({ message: `emulated trouble ${status}` }) }),
  };
}

function route(engine: EmulatedEngine, request: EmulatedRequest): EmulatedAnswer {
  const [, version, rest = ''] = /^(?:\/v(\d+\.\d+))?(\/.*)$/.exec(request.path) ?? [];
  if (version !== undefined && minor(version) > minor(NEWEST)) {
    return problem(400, `client version ${version} is too new. Maximum supported API version is ${NEWEST}`);
  }
  if (rest === '/version') return json(200, { Version: '28.0.1', ApiVersion: NEWEST, MinAPIVersion: OLDEST });
  if (rest === '/info') return json(200, info(engine));
  if (!engine.isManager) {
    return problem(
      503,
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  }
  const [, area = '', id, verb] = rest.split('/').map(decodeURIComponent);
  const handler = HANDLERS[[request.method, area, id === undefined ? 'all' : 'one', verb ?? ''].join(' ')];
  if (id === 'create') return create(engine, request);
  return handler?.(engine, request, id ?? '') ?? problem(404, 'page not found');
}

type Handler = (engine: EmulatedEngine, request: EmulatedRequest, id: string) => EmulatedAnswer;

const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET secrets all ': ({ swarm }, request) => {
    const [prefix = ''] = filters(request)['name'] ?? [];
    const found = [...swarm.secrets.values()].filter(({ spec }) => spec.Name.startsWith(prefix));
    return json(200, found.length === 0 ? null : found.map(shownSecret));
  },

  'GET secrets one ': ({ swarm }, _request, id) => {
    const found = swarm.secrets.get(id) ?? swarm.secretNamed(id);
    return found === undefined ? problem(404, `secret ${id} not found`) : json(200, shownSecret(found));
  },

  'DELETE secrets one ': ({ swarm, changed }, _request, id) => {
    const found = swarm.secrets.get(id);
    if (found === undefined) return problem(404, `secret ${id} not found`);
    const user = [...swarm.services.values()].find((service) =>
      mountsOf(service).some(({ SecretID }) => SecretID === id),
    );
    if (user !== undefined) {
      return problem(
        400,
        `rpc error: code = InvalidArgument desc = secret '${found.spec.Name}' is in use by the following service: ${user.spec.Name}`,
      );
    }
    swarm.secrets.delete(id);
    changed('secret');
    return { status: 204 };
  },

  'GET services all ': ({ swarm }) => json(200, [...swarm.services.values()].map(shownService)),

  'GET services one ': ({ swarm }, _request, id) => {
    const found = swarm.services.get(id) ?? swarm.serviceNamed(id);
    if (found === undefined) return problem(404, `service ${id} not found`);
    swarm.look(found);
    return json(200, shownService(found));
  },

  'POST services one update': ({ swarm, refuse, changed }, request, id) => {
    const found = swarm.services.get(id) ?? swarm.serviceNamed(id);
    if (found === undefined) return problem(404, `service ${id} not found`);
    const spec = JSON.parse(request.body) as ServiceSpec;
    if (Number(request.query.get('version')) !== found.index)
      return problem(500, 'rpc error: code = Unknown desc = update out of sequence');
    const stray = mountsOf({ spec }).find(({ SecretID }) => !swarm.secrets.has(SecretID ?? ''));
    if (stray !== undefined)
      return problem(400, `rpc error: code = InvalidArgument desc = secret not found: ${stray.SecretName}`);
    const refused = refuse(spec);
    if (refused !== undefined) return refused;
    swarm.update(found, spec);
    changed('service');
    return json(200, { Warnings: null });
  },

  'GET tasks all ': ({ swarm }, request) => {
    const [name = ''] = filters(request)['service'] ?? [];
    const service = swarm.services.get(name) ?? swarm.serviceNamed(name);
    return json(200, service === undefined ? [] : tasksOf(service));
  },
};

function create({ swarm }: EmulatedEngine, request: EmulatedRequest): EmulatedAnswer {
  const { Name, Data, Labels, Templating } = JSON.parse(request.body) as {
    Name: string;
    Data: string;
    Labels?: Record<string, string>;
    Templating?: object;
  };
  const invalid = (what: string): EmulatedAnswer =>
    problem(400, `rpc error: code = InvalidArgument desc = ${what}`);
  if (!NAME.test(Name) || Name.length > 64)
    return invalid(
      'invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]',
    );
  const data = Buffer.from(Data, 'base64');
  if (data.length === 0 || data.length >= TOO_LARGE)
    return invalid(`secret data must be larger than 0 and less than ${TOO_LARGE} bytes`);
  if (swarm.secretNamed(Name) !== undefined)
    return problem(409, `rpc error: code = AlreadyExists desc = secret ${Name} already exists`);
  return json(201, { ID: swarm.makeSecret(Name, data, Labels, Templating).id });
}

function info({ isManager }: EmulatedEngine): object {
  return {
    ID: 'emulated',
    Name: 'manager-1',
    Swarm: {
      NodeID: 'n0d3',
      LocalNodeState: 'active',
      ControlAvailable: isManager,
      ...(isManager ? { Cluster: { ID: 'sw4rm' } } : {}),
    },
  };
}

function shownSecret({ id, index, createdAt, spec }: EmulatedSecret): object {
  return { ID: id, Version: { Index: index }, CreatedAt: createdAt, UpdatedAt: createdAt, Spec: spec };
}

function shownService({ id, index, spec, previous, update }: EmulatedService): object {
  return {
    ID: id,
    Version: { Index: index },
    Spec: spec,
    ...(previous === undefined ? {} : { PreviousSpec: previous }),
    ...(update === undefined ? {} : { UpdateStatus: update }),
  };
}

/** While an update goes on, one task of the old spec is left. */
function tasksOf({ id, spec, previous, looks }: EmulatedService): object[] {
  const settled = !Number.isFinite(looks);
  const specs = [spec, settled ? spec : (previous ?? spec)];
  return specs.map((each, slot) => ({
    ID: `${id}-${slot}`,
    ServiceID: id,
    Slot: slot + 1,
    Spec: each.TaskTemplate,
    DesiredState: 'running',
    Status: { State: settled || slot > 0 ? 'running' : 'starting' },
  }));
}

function filters({ query }: EmulatedRequest): Readonly<Record<string, readonly string[]>> {
  return JSON.parse(query.get('filters') ?? '{}') as Record<string, string[]>;
}

function minor(version: string): number {
  return Number(version.split('.')[1]);
}

function json(status: number, body: unknown): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'api-version': NEWEST },
    body: JSON.stringify(body),
  };
}

export function problem(status: number, message: string): EmulatedAnswer {
  return json(status, { message });
}
