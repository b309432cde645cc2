import type { KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import type { WorkloadKind } from '../../lib/kubernetes/workload.ts';
import { quoted } from '../../lib/quoted.ts';

export type RolloutKind = Exclude<WorkloadKind, 'cronjob'>;

/** `failed`: no wait will help. */
export interface RolloutState {
  readonly state: 'rolling' | 'up' | 'failed';
  /** What is seen, in a few words. */
  readonly seen: string;
}

type Count =
  | 'observedGeneration'
  | 'replicas'
  | 'updatedReplicas'
  | 'availableReplicas'
  | 'readyReplicas'
  | 'desiredNumberScheduled'
  | 'updatedNumberScheduled'
  | 'numberAvailable';

interface Status extends Partial<Record<Count, number>> {
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly conditions?: readonly {
    readonly type?: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
}

/**
 * What `kubectl rollout status` looks at: the controller has seen this generation, the pods are all of the new
 * template, none of the old one is left, and all are available.
 */
export function rolloutState(kind: RolloutKind, workload: KubernetesObject): RolloutState {
  const { generation } = (workload['metadata'] ?? {}) as { generation?: unknown };
  const { replicas, paused } = (workload['spec'] ?? {}) as { replicas?: unknown; paused?: unknown };
  const status = withCounts((workload['status'] ?? {}) as Status);
  if ((status.observedGeneration ?? 0) < (isCount(generation) ? generation : 0))
    return { state: 'rolling', seen: 'its controller has not seen the change yet' };
  const now = STATES[kind](status, isCount(replicas) ? replicas : 1);
  return now.state === 'rolling' && paused === true ? rolling(`${now.seen}; somebody has paused it`) : now;
}

const STATES: Readonly<Record<RolloutKind, (status: Status, replicas: number) => RolloutState>> = {
  deployment: (status, replicas) => {
    const stuck = listIn(status.conditions).find(
      (each) => each?.type === 'Progressing' && each.reason === 'ProgressDeadlineExceeded',
    );
    if (stuck !== undefined) {
      const words = quoted(stuck.message ?? '');
      return { state: 'failed', seen: `progress deadline exceeded${words === '' ? '' : `: ${words}`}` };
    }
    const { replicas: all = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status;
    const old = all - updated;
    if (updated < replicas) return rolling(`${updated} of ${replicas} pods are new`);
    if (old > 0) return rolling(`${old} old ${old === 1 ? 'pod is' : 'pods are'} still there`);
    return available < updated ? rolling(`${available} of ${updated} pods are available`) : up(updated);
  },

  statefulset: (status, replicas) => {
    const { updatedReplicas: updated = 0, readyReplicas: ready = 0 } = status;
    // The counter of new pods is dropped once the new revision is the current one.
    if (status.updateRevision !== status.currentRevision)
      return rolling(`${updated} of ${replicas} pods are new`);
    const available = status.availableReplicas ?? ready;
    return Math.min(ready, available) < replicas
      ? rolling(`${Math.min(ready, available)} of ${replicas} pods are available`)
      : up(replicas);
  },

  daemonset: (status) => {
    const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled: updated = 0 } = status;
    const { numberAvailable: available = 0 } = status;
    if (updated < wanted) return rolling(`${updated} of ${wanted} pods are new`);
    return available < wanted ? rolling(`${available} of ${wanted} pods are available`) : up(wanted);
  },
};

/** Zero is told by leaving the count out. What is no number is not compared as one: nothing is less than it. */
function withCounts(status: Status): Status {
  const told = Object.entries(status).filter(([name, value]) => isText(name) || isCount(value));
  return Object.fromEntries(told);
}

function isCount(told: unknown): told is number {
  return typeof told === 'number';
}

function isText(name: string): boolean {
  return name === 'currentRevision' || name === 'updateRevision' || name === 'conditions';
}

function listIn<T>(told: readonly T[] | undefined): readonly T[] {
  return Array.isArray(told) ? told : [];
}

function rolling(seen: string): RolloutState {
  return { state: 'rolling', seen };
}

function up(pods: number): RolloutState {
  return { state: 'up', seen: `${pods} new ${pods === 1 ? 'pod' : 'pods'}, all available` };
}
