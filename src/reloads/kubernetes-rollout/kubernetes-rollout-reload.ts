import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import {
  type KubernetesClient,
  type KubernetesObject,
  openKubernetes,
} from '../../lib/kubernetes/kubernetes-client.ts';
import { displayName, type WorkloadRef, workloadPath } from '../../lib/kubernetes/workload.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import { startTimeLimit, type TimeLimit } from '../../lib/reload/time-limit.ts';
import { withClient } from '../../lib/reload/with-client.ts';
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
    run: (_subject, { signal }) =>
      withClient(
        () => openKubernetes(options, forRequests(ctx)),
        async (client) => {
          const begun: Begun[] = [];
          for (const rollout of rollouts) {
            const workload = await look(client, rollout, signal);
            assertRolls(client, rollout, workload);
            begun.push({ ...rollout, restartedBefore: restartedAt(workload) });
          }
          const limit = startTimeLimit(ctx.timeoutMs, { clock: ctx.clock, signal, subject: ctx.name });
          const at = newStamp(ctx.clock.now(), begun);
          for (const rollout of rollouts)
            await limit.within((within) => restart(client, rollout, at, within));
          const seen = [];
          for (const rollout of begun) seen.push(await waitFor(client, rollout, limit, options.interval));
          return { restartedAt: at, workloads: seen };
        },
      ),
  };
}

/** Another one than any workload has: the same would restart nothing, and look like one that was taken back. */
function newStamp(now: number, begun: readonly Begun[]): string {
  const stamp = new Date(now).toISOString();
  return begun.some(({ restartedBefore }) => restartedBefore === stamp) ? newStamp(now + 1, begun) : stamp;
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

const TAKEN_BACK: RolloutState = { state: 'failed', seen: 'it was given its old template again' };

/** @throws RotationError CHECK_FAILED when it does not come up; ABORTED */
async function waitFor(
  client: KubernetesClient,
  rollout: Begun,
  limit: TimeLimit,
  interval: string,
): Promise<string> {
  const about = { subject: subjectOf(client, rollout), action: 'wait for its new pods' };
  const hint = `Look at its pods (\`kubectl -n ${rollout.namespace} describe ${displayName(rollout)}\`).`;
  const state = async (signal: AbortSignal): Promise<RolloutState> => {
    const workload = await look(client, rollout, signal);
    // `kubectl rollout undo`, or a deployment: its pods are up, and may have the old key.
    if (restartedAt(workload) === rollout.restartedBefore) return TAKEN_BACK;
    return rolloutState(rollout.kind, workload);
  };
  const { seen: up } = await lookUntil(state, limit, {
    ...about,
    interval,
    isUp: ({ state: now, seen }) => {
      if (now === 'failed') throw new RotationError('CHECK_FAILED', { ...about, reason: seen, hint });
      return now === 'up';
    },
    tell: ({ seen }) => seen,
    hint: () => hint,
  });
  return `${displayName(rollout)}: ${up.seen}`;
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
