/** Kinds whose pods are made from a template that can be changed, and where the template's pod is in them. */
export const WORKLOAD_KINDS = {
  deployment: { plural: 'deployments', api: '/apis/apps/v1', podSpec: '/spec/template/spec' },
  statefulset: { plural: 'statefulsets', api: '/apis/apps/v1', podSpec: '/spec/template/spec' },
  daemonset: { plural: 'daemonsets', api: '/apis/apps/v1', podSpec: '/spec/template/spec' },
  cronjob: { plural: 'cronjobs', api: '/apis/batch/v1', podSpec: '/spec/jobTemplate/spec/template/spec' },
} as const;

export type WorkloadKind = keyof typeof WORKLOAD_KINDS;

export interface WorkloadRef {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
}

/** A name of an object, or of a namespace: DNS labels, so that it can stand in a path as it is. */
export const OBJECT_NAME = '[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?';

/** Of all objects of a kind in a namespace. */
export function workloadsPath(kind: WorkloadKind, namespace: string): string {
  const { api, plural } = WORKLOAD_KINDS[kind];
  return `${api}/namespaces/${namespace}/${plural}`;
}

export function workloadPath({ kind, namespace, name }: WorkloadRef): string {
  return `${workloadsPath(kind, namespace)}/${name}`;
}

/** `deployment/checkout`, as kubectl writes it. */
export function displayName({ kind, name }: Pick<WorkloadRef, 'kind' | 'name'>): string {
  return `${kind}/${name}`;
}
