import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import {
  type KubernetesClient,
  type KubernetesObject,
  openKubernetes,
} from '../../lib/kubernetes/kubernetes-client.ts';
import { displayName, type WorkloadRef, workloadPath } from '../../lib/kubernetes/workload.ts';
import type { KubernetesRolloutOptions } from './options.ts';
import { type RolloutKind, type RolloutState, rolloutState } from './rollout-state.ts';
import { whyItDoesNotRoll } from './why-not.ts';

interface Rollout extends WorkloadRef {
  readonly kind: RolloutKind;
}

/** What `kubectl rollout restart` writes. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** @throws RotationError CONFIG_INVALID when the kubeconfig cannot be used */
export async function openKubernetesRollout(
  options: KubernetesRolloutOptions,
  ctx: OpenContext,
): Promise<Reload> {
  const rollouts = options.workloads.map((entry): Rollout => {
    const [kind, name = ''] = entry.split('/');
    return { kind: kind as RolloutKind, namespace: options.namespace, name };
  });

  return {
    run: async (_subject, { signal }) => {
      // A reload has no end of its own, so each run has its connection.
      const client = await openKubernetes(options, ctx);
      try {
        for (const rollout of rollouts) assertRolls(client, rollout, await look(client, rollout, signal));
        const at = new Date(ctx.clock.now()).toISOString();
        for (const rollout of rollouts) await restart(client, rollout, at, signal);
        const seen = [];
        for (const rollout of rollouts) seen.push(await waitFor(client, rollout, options, ctx, signal));
        return { restartedAt: at, workloads: seen };
      } finally {
        client.close();
      }
    },
  };
}

function assertRolls(client: KubernetesClient, rollout: Rollout, workload: KubernetesObject): void {
  const reason = whyItDoesNotRoll(rollout.kind, workload);
  if (reason === undefined) return;
  throw new RotationError('REFUSED', { subject: subjectOf(client, rollout), action: 'restart it', reason });
}

function look(client: KubernetesClient, rollout: Rollout, signal: AbortSignal): Promise<KubernetesObject> {
  return client.ask(
    {
      method: 'GET',
      path: workloadPath(rollout),
      subject: subjectOf(client, rollout),
      action: 'look at its rollout',
      effect: 'read',
    },
    signal,
  );
}

async function restart(
  client: KubernetesClient,
  rollout: Rollout,
  at: string,
  signal: AbortSignal,
): Promise<void> {
  await client.ask(
    {
      method: 'PATCH',
      path: workloadPath(rollout),
      patch: 'strategic-merge',
      body: { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: at } } } } },
      subject: subjectOf(client, rollout),
      action: 'restart it',
      effect: 'write',
    },
    signal,
  );
}

type Look = RolloutState & { readonly settled: boolean; readonly retryAfter?: number | undefined };

/** @throws RotationError CHECK_FAILED when it does not come up; ABORTED */
async function waitFor(
  client: KubernetesClient,
  rollout: Rollout,
  options: KubernetesRolloutOptions,
  ctx: OpenContext,
  signal: AbortSignal,
): Promise<string> {
  const subject = subjectOf(client, rollout);
  const pace = { clock: ctx.clock, signal, subject };
  const { reply, attempts } = await keepAsking(options, pace, async (): Promise<Look> => {
    try {
      const state = rolloutState(rollout.kind, await look(client, rollout, signal));
      return { ...state, settled: state.state !== 'rolling' };
    } catch (error) {
      // An API server that is away for a moment says nothing about the pods.
      if (!isRotationError(error) || !error.retryable) throw error;
      const { retryAfter } = error.context;
      return { state: 'rolling', seen: error.context.reason ?? '', settled: false, retryAfter };
    }
  });
  if (reply.state === 'up') return `${displayName(rollout)}: ${reply.seen}`;
  const reason =
    reply.state === 'failed'
      ? reply.seen
      : `it is not up after ${attempts} looks: ${reply.seen.slice(0, 200)}`;
  throw new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for its new pods',
    reason,
    hint: `Look at its pods (\`kubectl -n ${rollout.namespace} describe ${displayName(rollout)}\`). If they only need longer, raise \`attempts\`.`,
  });
}

function subjectOf({ name }: KubernetesClient, rollout: Rollout): string {
  return `${name}: ${rollout.namespace}/${displayName(rollout)}`;
}
