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

interface Begun extends Rollout {
  readonly restartedBefore: string | undefined;
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
        const begun: Begun[] = [];
        for (const rollout of rollouts) {
          const workload = await look(client, rollout, signal);
          assertRolls(client, rollout, workload);
          begun.push({ ...rollout, restartedBefore: restartedAt(workload) });
        }
        const at = new Date(ctx.clock.now()).toISOString();
        for (const rollout of rollouts) await restart(client, rollout, at, signal);
        const seen = [];
        for (const rollout of begun) seen.push(await waitFor(client, rollout, options, ctx, signal));
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

const TAKEN_BACK: Look = { state: 'failed', seen: 'it was given its old template again', settled: true };

/** @throws RotationError CHECK_FAILED when it does not come up; ABORTED */
async function waitFor(
  client: KubernetesClient,
  rollout: Begun,
  options: KubernetesRolloutOptions,
  ctx: OpenContext,
  signal: AbortSignal,
): Promise<string> {
  const subject = subjectOf(client, rollout);
  const pace = { clock: ctx.clock, signal, subject };
  const { reply, attempts } = await keepAsking(options, pace, async (): Promise<Look> => {
    try {
      const workload = await look(client, rollout, signal);
      // `kubectl rollout undo`, or a deployment: its pods are up, and may have the old key.
      if (restartedAt(workload) === rollout.restartedBefore) return TAKEN_BACK;
      const state = rolloutState(rollout.kind, workload);
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

function restartedAt({ spec }: KubernetesObject): string | undefined {
  const { template } = (spec ?? {}) as {
    template?: { metadata?: { annotations?: Readonly<Record<string, string>> | null } };
  };
  return template?.metadata?.annotations?.[RESTARTED_AT];
}

function subjectOf({ name }: KubernetesClient, rollout: Rollout): string {
  return `${name}: ${rollout.namespace}/${displayName(rollout)}`;
}
