import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { KubernetesClient, KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import {
  displayName,
  WORKLOAD_KINDS,
  type WorkloadKind,
  type WorkloadRef,
  workloadPath,
  workloadsPath,
} from '../../lib/kubernetes/workload.ts';
import { atPath } from './at-path.ts';
import { readList } from './read-list.ts';
import { type Reference, referencesIn } from './references.ts';

/** A workload and the Secrets its pods name. */
export interface Workload extends WorkloadRef {
  readonly references: readonly Reference[];
}

/** The workloads of a namespace: those the config names, or all. */
export type Workloads = (namespace: string, signal: AbortSignal) => Promise<readonly Workload[]>;

/** @param configured entries `[NAMESPACE/]KIND/NAME` */
export function workloadsOf(client: KubernetesClient, configured: readonly string[] | undefined): Workloads {
  return async (namespace, signal) => {
    if (configured === undefined) return everyWorkload(client, namespace, signal);
    const wanted = configured
      .map((entry) => parsed(entry, namespace))
      .filter((workload) => workload.namespace === namespace);
    return Promise.all(wanted.map((workload) => oneWorkload(client, workload, signal)));
  };
}

/** Those of `workloads`, and whatever else of the namespace may be listed: a Secret that one of them names is in use. */
export function knownWorkloadsOf(
  client: KubernetesClient,
  configured: readonly string[] | undefined,
): Workloads {
  const wanted = workloadsOf(client, configured);
  if (configured === undefined) return wanted;
  return async (namespace, signal) => {
    const named = await wanted(namespace, signal);
    const others = await everyWorkload(client, namespace, signal, unlessDenied);
    const isNew = (each: Workload): boolean => !named.some((own) => displayName(own) === displayName(each));
    return [...named, ...others.filter(isNew)];
  };
}

type Listing = (list: Promise<readonly Workload[]>) => Promise<readonly Workload[]>;

async function everyWorkload(
  client: KubernetesClient,
  namespace: string,
  signal: AbortSignal,
  listing: Listing = (list) => list,
): Promise<readonly Workload[]> {
  const kinds = Object.keys(WORKLOAD_KINDS) as WorkloadKind[];
  const ofKind = async (kind: WorkloadKind): Promise<readonly Workload[]> => {
    const items = await readList(client, workloadsPath(kind, namespace), signal);
    return items.map((item) => workloadIn(item, { kind, namespace, name: nameOf(item) }));
  };
  return (await Promise.all(kinds.map((kind) => listing(ofKind(kind))))).flat();
}

const unlessDenied: Listing = async (list) => {
  try {
    return await list;
  } catch (error) {
    if (isRotationError(error, 'PERMISSION_DENIED')) return [];
    throw error;
  }
};

/** @throws RotationError NOT_FOUND */
async function oneWorkload(
  client: KubernetesClient,
  workload: WorkloadRef,
  signal: AbortSignal,
): Promise<Workload> {
  const subject = `${client.name}/${workload.namespace}/${displayName(workload)}`;
  const path = workloadPath(workload);
  try {
    const about = { subject, action: 'read the workload', effect: 'read' } as const;
    const told = await client.ask({ ...about, method: 'GET', path }, signal);
    if (nameOf(told) === workload.name) return workloadIn(told, workload);
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not that workload' });
  } catch (error) {
    if (!isRotationError(error, 'NOT_FOUND')) throw error;
    throw new RotationError(
      'NOT_FOUND',
      { ...error.context, hint: 'The store names it in `workloads`: correct it, or leave `workloads` out.' },
      { cause: error },
    );
  }
}

function parsed(entry: string, namespace: string): WorkloadRef {
  const [name = '', kind = '', other = namespace] = entry.split('/').reverse();
  return { kind: kind as WorkloadKind, namespace: other, name };
}

function workloadIn(told: KubernetesObject, ref: WorkloadRef): Workload {
  const { podSpec } = WORKLOAD_KINDS[ref.kind];
  return { ...ref, references: referencesIn(atPath(told, podSpec), podSpec) };
}

export function nameOf(told: KubernetesObject): string {
  const { name } = (told['metadata'] ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : '';
}
