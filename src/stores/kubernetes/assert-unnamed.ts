import { RotationError } from '../../core/errors/rotation-error.ts';
import type { KubernetesClient, KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import { displayName } from '../../lib/kubernetes/workload.ts';
import type { Cluster } from './find-live.ts';
import { usersOf } from './point-to.ts';
import { readList } from './read-list.ts';
import { referencesIn } from './references.ts';
import type { SecretRef } from './secret-ref.ts';
import { nameOf } from './workloads.ts';

interface Words {
  readonly action: string;
  readonly hint: string;
}

/** @throws RotationError REFUSED with the workloads and pods that name the Secret: it must not be removed */
export async function assertUnnamed(
  { client, cluster }: { readonly client: KubernetesClient; readonly cluster: Cluster },
  { namespace, name }: SecretRef,
  words: Words,
  signal: AbortSignal,
): Promise<void> {
  const workloads = await workloadsNaming(cluster, { namespace, name }, signal);
  const users = [...workloads, ...(await podsNaming(client, namespace, name, signal))];
  refuseFor(users, `${cluster.name}/${namespace}/${name}`, words);
}

/** The same where pods are on their way out anyway, since their workloads have just been pointed elsewhere. */
export async function assertNoWorkloadNames(
  cluster: Cluster,
  { namespace, name }: SecretRef,
  words: Words,
  signal: AbortSignal,
): Promise<void> {
  const workloads = await workloadsNaming(cluster, { namespace, name }, signal);
  refuseFor(workloads, `${cluster.name}/${namespace}/${name}`, words);
}

function refuseFor(users: readonly string[], subject: string, { action, hint }: Words): void {
  if (users.length === 0) return;
  throw new RotationError('REFUSED', {
    subject,
    action,
    reason: `it is still named by ${users.slice(0, 5).join(', ')}${users.length > 5 ? ' and others' : ''}`,
    hint: `${hint} The Secret was kept.`,
  });
}

async function workloadsNaming(
  cluster: Cluster,
  { namespace, name }: SecretRef,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return usersOf(await cluster.knownWorkloads(namespace, signal), name).map(displayName);
}

/** Of pods that have ended nobody asks for a Secret. */
async function podsNaming(
  client: KubernetesClient,
  namespace: string,
  secret: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pods = await readList(client, `/api/v1/namespaces/${namespace}/pods`, signal);
  return pods
    .filter((pod) => !hasEnded(pod) && referencesIn(pod['spec'], '').some(({ name }) => name === secret))
    .map((pod) => `pod/${nameOf(pod)}`);
}

function hasEnded(pod: KubernetesObject): boolean {
  const { phase } = (pod['status'] ?? {}) as { phase?: unknown };
  return phase === 'Succeeded' || phase === 'Failed';
}
