import type { KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import type { RolloutKind } from './rollout-state.ts';

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly partition?: number };
}

/** Why a restart would leave old pods running for ever; undefined when it would not. */
export function whyItDoesNotRoll(kind: RolloutKind, workload: KubernetesObject): string | undefined {
  const { paused, updateStrategy } = (workload['spec'] ?? {}) as {
    paused?: boolean;
    updateStrategy?: Strategy;
  };
  if (kind === 'deployment')
    return paused === true ? 'it is paused: its pods are not replaced until somebody resumes it' : undefined;
  if (updateStrategy?.type === 'OnDelete')
    return 'its update strategy is OnDelete: a pod is replaced only when somebody deletes it';
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  if (kind === 'statefulset' && partition > 0)
    return `its update has a partition: the pods below ${partition} keep the old template`;
  return undefined;
}
