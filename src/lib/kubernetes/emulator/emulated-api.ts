import type { EmulatedAnswer, EmulatedRequest, EmulatedService } from '../../emulator/loopback-server.ts';
import type { EmulatedObject, EmulatedObjects, Manifest } from './emulated-objects.ts';
import type { EmulatedRollouts } from './emulated-rollouts.ts';
import { secretRefusal } from './emulated-secrets.ts';
import { jsonPatched, mergePatched } from './patches.ts';
import { errorBody, failure, json } from './status.ts';

/** Small, so that lists have more than one page. */
const PAGE = 2;

export interface EmulatedCluster {
  readonly objects: EmulatedObjects;
  readonly rollouts: EmulatedRollouts;
  readonly token: string;
  readonly user: string;
  /** `VERB PLURAL` (`list pods`) that the user is not granted. */
  readonly denied: Set<string>;
  /** `VERB PLURAL` that is granted for these names alone, as by `resourceNames` in a Role. */
  readonly bound: Map<string, ReadonlySet<string>>;
  /** Why a write is not carried out; undefined when it is. An admission webhook, if you like. */
  admit: (plural: string, next: Manifest) => EmulatedAnswer | undefined;
  written(plural: string): void;
}

/** Group and version → plural → kind. */
const RESOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/api/v1': { secrets: 'Secret', pods: 'Pod' },
  '/apis/apps/v1': { deployments: 'Deployment', statefulsets: 'StatefulSet', daemonsets: 'DaemonSet' },
  '/apis/batch/v1': { cronjobs: 'CronJob' },
};

const RESOURCE = /^(\/api\/v1|\/apis\/[^/]+\/v1)\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/;

interface Call extends EmulatedCluster {
  readonly request: EmulatedRequest;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
}

/** The API server, as far as Secrets and the workloads that use them need it. */
export function kubernetesService(cluster: EmulatedCluster): EmulatedService {
  return {
    isWrite: ({ method, path, query }) =>
      method !== 'GET' && query.get('dryRun') !== 'All' && !path.includes('/selfsubject'),
    handle: (request) => route(cluster, request),
    errorBody,
  };
}

function route(cluster: EmulatedCluster, request: EmulatedRequest): EmulatedAnswer {
  if (request.headers.authorization !== `Bearer ${cluster.token}`) return failure(401);
  if (request.path.includes('/selfsubject')) return review(cluster, request);
  const [, group = '', namespace = '', plural = '', name = ''] = RESOURCE.exec(request.path) ?? [];
  const kind = RESOURCES[group]?.[plural];
  if (kind === undefined) return failure(404);
  const verb = VERBS[request.method] ?? 'get';
  const wanted = verb === 'get' && name === '' ? 'list' : verb;
  if (!isGranted(cluster, wanted, plural, name)) return forbidden(cluster, wanted, plural, namespace, name);
  const dryRun = request.query.get('dryRun') === 'All';
  const apiVersion = group.replace(/^\/apis?\//, '');
  const call: Call = { ...cluster, request, apiVersion, kind, plural, namespace, name, dryRun };
  return HANDLERS[wanted]?.(call) ?? failure(405);
}

/** What is granted for some names is granted neither for others nor for all. */
function isGranted({ denied, bound }: EmulatedCluster, verb: string, plural: string, name: string): boolean {
  const right = `${verb} ${plural}`;
  return !denied.has(right) && bound.get(right)?.has(name) !== false;
}

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PATCH: 'patch',
  DELETE: 'delete',
  GET: 'get',
};

const HANDLERS: Readonly<Record<string, (call: Call) => EmulatedAnswer>> = {
  list: ({ objects, plural, namespace, request, kind, apiVersion }) => {
    const all = objects.list(plural, namespace);
    const from = Number(request.query.get('continue') ?? 0);
    const size = Math.min(Number(request.query.get('limit') ?? PAGE), PAGE);
    const more = from + size < all.length ? { continue: String(from + size) } : {};
    // Items of a list do not repeat what kind they are.
    const items = all.slice(from, from + size);
    return json(200, { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: '1', ...more }, items });
  },

  get: (call) => {
    const found = call.objects.get(call.plural, call.namespace, call.name);
    return found === undefined ? absent(call) : shown(call, 200, call.rollouts.look(call.plural, found));
  },

  create: (call) => {
    const body = parsed(call.request);
    const metadata = { ...((body['metadata'] ?? {}) as object), namespace: call.namespace };
    const manifest = { type: 'Opaque', ...body, metadata } as unknown as Manifest;
    const { name } = manifest.metadata;
    if (call.objects.get(call.plural, call.namespace, name) !== undefined)
      return failure(409, `${call.plural} "${name}" already exists`, 'AlreadyExists');
    return keep(call, 201, undefined, manifest);
  },

  patch: (call) => {
    const old = call.objects.get(call.plural, call.namespace, call.name);
    if (old === undefined) return absent(call);
    const next = patched(old, call.request);
    if (next === undefined) return failure(415);
    if (next === 'rejected') return failure(422);
    if (!/^\d+$/.test(String(next.metadata['resourceVersion']))) return failure(500, NO_NUMBER);
    if (next.metadata['resourceVersion'] !== old.metadata.resourceVersion) {
      return failure(
        409,
        `Operation cannot be fulfilled on ${call.plural} "${call.name}": the object has been modified; please apply your changes to the latest version and try again`,
      );
    }
    return keep(call, 200, old, next);
  },

  delete: (call) => {
    const old = call.objects.get(call.plural, call.namespace, call.name);
    if (old === undefined) return absent(call);
    const { preconditions } = parsed(call.request) as { preconditions?: { uid?: string } };
    if (preconditions?.uid !== undefined && preconditions.uid !== old.metadata.uid)
      return failure(409, `Precondition failed: UID in precondition: ${preconditions.uid}`);
    call.objects.delete(call.plural, call.namespace, call.name);
    call.written(call.plural);
    return json(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
  },
};

const NO_NUMBER = 'resourceVersion: Invalid value: strconv.ParseUint: parsing: invalid syntax';

function keep(call: Call, status: number, old: EmulatedObject | undefined, next: Manifest): EmulatedAnswer {
  const refusal = call.plural === 'secrets' ? secretRefusal(old, next) : undefined;
  const refused = refusal ?? call.admit(call.plural, next);
  if (refused !== undefined) return refused;
  if (call.dryRun) {
    const { metadata, ...rest } = call.objects.preview(call.plural, next);
    const { resourceVersion, ...kept } = metadata;
    // What is only tried to be made has no version.
    return json(status, {
      kind: call.kind,
      ...rest,
      metadata: old === undefined ? kept : { ...kept, resourceVersion },
    });
  }
  call.written(call.plural);
  return shown(call, status, call.objects.put(call.plural, next));
}

function patched(old: EmulatedObject, request: EmulatedRequest): Manifest | 'rejected' | undefined {
  const patch = JSON.parse(request.body) as unknown;
  switch (request.headers['content-type']) {
    case 'application/merge-patch+json':
    case 'application/strategic-merge-patch+json':
      return mergePatched(old, patch) as Manifest;
    case 'application/json-patch+json':
      return (jsonPatched(old, patch as never) as Manifest | undefined) ?? 'rejected';
    default:
      return undefined;
  }
}

function review(cluster: EmulatedCluster, request: EmulatedRequest): EmulatedAnswer {
  if (request.path === '/apis/authentication.k8s.io/v1/selfsubjectreviews') {
    const userInfo = { username: cluster.user, groups: ['system:authenticated'] };
    return json(201, { ...parsed(request), status: { userInfo } });
  }
  const { spec } = parsed(request) as {
    spec?: { resourceAttributes?: { verb?: string; resource?: string; name?: string } };
  };
  const { verb = '', resource = '', name = '' } = spec?.resourceAttributes ?? {};
  return json(201, { ...parsed(request), status: { allowed: isGranted(cluster, verb, resource, name) } });
}

function shown({ apiVersion, kind }: Call, status: number, object: EmulatedObject): EmulatedAnswer {
  return json(status, { kind, apiVersion, ...object });
}

function absent({ plural, name }: Call): EmulatedAnswer {
  return failure(404, `${plural} "${name}" not found`);
}

function forbidden(
  { user }: EmulatedCluster,
  verb: string,
  plural: string,
  namespace: string,
  name: string,
): EmulatedAnswer {
  const what = name === '' ? plural : `${plural} "${name}"`;
  return failure(
    403,
    `${what} is forbidden: User "${user}" cannot ${verb} resource "${plural}" in API group "" in the namespace "${namespace}"`,
  );
}

function parsed({ body }: EmulatedRequest): Record<string, unknown> {
  return body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
}
