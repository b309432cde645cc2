import { RotationError } from '../../core/errors/rotation-error.ts';
import type { KubernetesClient, KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import { displayName } from '../../lib/kubernetes/workload.ts';
import type { Cluster } from './find-live.ts';
import { usersOf } from './point-to.ts';
import { readList } from './read-list.ts';
import { referencesIn } from './references.ts';
import type { SecretRef } from './secret-ref.ts';
import { nameOf } from './workloads.ts';

/** @throws RotationError REFUSED with the workloads and pods that name the Secret: it must not be removed */
export async function assertUnnamed(
  { client, cluster }: { readonly client: KubernetesClient; readonly cluster: Cluster },
  { namespace, name }: SecretRef,
  words: { readonly action: string; readonly hint: string },
  signal: AbortSignal,
): Promise<void> {
  const workloads = usersOf(await cluster.knownWorkloads(namespace, signal), name).map(displayName);
  const users = [...workloads, ...(await podsNaming(client, namespace, name, signal))];
  if (users.length === 0) return;
  throw new RotationError('REFUSED', {
    subject: `${cluster.name}/${namespace}/${name}`,
    action: words.action,
    reason: `it is still named by ${users.slice(0, 5).join(', ')}${users.length > 5 ? ' and others' : ''}`,
    hint: `${words.hint} The Secret was kept.`,
  });
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
