import type { KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import type { WorkloadKind } from '../../lib/kubernetes/workload.ts';

export type RolloutKind = Exclude<WorkloadKind, 'cronjob'>;

/** `failed`: no wait will help. */
export interface RolloutState {
  readonly state: 'rolling' | 'up' | 'failed';
  /** What is seen, in a few words. */
  readonly seen: string;
}

interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly readyReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
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
  const { generation = 0 } = (workload['metadata'] ?? {}) as { generation?: number };
  const { replicas = 1, paused } = (workload['spec'] ?? {}) as { replicas?: number; paused?: boolean };
  const status = (workload['status'] ?? {}) as Status;
  if ((status.observedGeneration ?? 0) < generation)
    return { state: 'rolling', seen: 'its controller has not seen the change yet' };
  const now = STATES[kind](status, replicas);
  return now.state === 'rolling' && paused === true ? rolling(`${now.seen}; somebody has paused it`) : now;
}

const STATES: Readonly<Record<RolloutKind, (status: Status, replicas: number) => RolloutState>> = {
  deployment: (status, replicas) => {
    const stuck = status.conditions?.find(
      ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
    );
    if (stuck !== undefined) {
      const words = (stuck.message ?? '').slice(0, 200);
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

function rolling(seen: string): RolloutState {
  return { state: 'rolling', seen };
}

function up(pods: number): RolloutState {
  return { state: 'up', seen: `${pods} new ${pods === 1 ? 'pod' : 'pods'}, all available` };
}
