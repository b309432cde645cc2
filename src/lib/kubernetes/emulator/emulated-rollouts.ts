import type { EmulatedObject } from './emulated-objects.ts';

/** What becomes of a rollout. */
export type Fate = 'up' | 'deadline-exceeded' | 'never';

export interface EmulatedRollouts {
  /** Of rollouts from now on. */
  fate: Fate;
  /** Looks at a workload until its new pods are all there; counted, so that nobody has to sleep. */
  looksUntilUp: number;
  /** The object with the status its controller has come to; each look brings it on. */
  look(plural: string, workload: EmulatedObject): EmulatedObject;
}

/** The controllers of a cluster, seen through the status of what they control. */
export function createEmulatedRollouts(): EmulatedRollouts {
  /** uid → the generation that is rolled out, and the looks it has had. */
  const rollouts = new Map<string, { generation: number; looks: number; fate: Fate }>();
  const emulated: EmulatedRollouts = {
    fate: 'up',
    looksUntilUp: 2,
    look: (plural, workload) => {
      const { uid, generation } = workload.metadata;
      let rollout = rollouts.get(uid);
      if (rollout === undefined) {
        // Up since before anybody looked.
        rollout = { generation, looks: Number.POSITIVE_INFINITY, fate: 'up' };
      } else if (rollout.generation !== generation) {
        rollout = { generation, looks: 0, fate: emulated.fate };
      } else rollout.looks += 1;
      rollouts.set(uid, rollout);
      const { looks, fate } = rollout;
      const observed = looks > 0;
      const up = fate === 'up' && looks >= emulated.looksUntilUp;
      const status = {
        generation: observed ? generation : generation - 1,
        up,
        failed: observed && fate === 'deadline-exceeded',
      };
      return { ...workload, status: STATUS[plural]?.(replicasOf(workload), status) };
    },
  };
  return emulated;
}

interface Progress {
  readonly generation: number;
  readonly up: boolean;
  readonly failed: boolean;
}

/** While it rolls, one pod of the old template is left. */
const STATUS: Readonly<Record<string, (replicas: number, progress: Progress) => object>> = {
  deployments: (replicas, { generation, up, failed }) => ({
    observedGeneration: generation,
    replicas,
    updatedReplicas: up ? replicas : Math.max(0, replicas - 1),
    availableReplicas: up ? replicas : Math.max(0, replicas - 1),
    readyReplicas: up ? replicas : Math.max(0, replicas - 1),
    conditions: [
      failed
        ? {
            type: 'Progressing',
            status: 'False',
            reason: 'ProgressDeadlineExceeded',
            message: 'ReplicaSet "emulated" has timed out progressing.',
          }
        : {
            type: 'Progressing',
            status: 'True',
            reason: up ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
          },
    ],
  }),
  statefulsets: (replicas, { generation, up }) => ({
    observedGeneration: generation,
    replicas,
    readyReplicas: up ? replicas : Math.max(0, replicas - 1),
    availableReplicas: up ? replicas : Math.max(0, replicas - 1),
    updatedReplicas: up ? replicas : Math.max(0, replicas - 1),
    currentRevision: up ? `revision-${generation}` : `revision-${generation - 1}`,
    updateRevision: `revision-${generation}`,
  }),
  daemonsets: (replicas, { generation, up }) => ({
    observedGeneration: generation,
    desiredNumberScheduled: replicas,
    currentNumberScheduled: replicas,
    updatedNumberScheduled: up ? replicas : Math.max(0, replicas - 1),
    numberAvailable: up ? replicas : Math.max(0, replicas - 1),
  }),
};

function replicasOf({ spec }: EmulatedObject): number {
  const { replicas } = (spec ?? {}) as { replicas?: unknown };
  return typeof replicas === 'number' ? replicas : 2;
}
