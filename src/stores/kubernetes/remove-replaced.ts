import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { FinishedPush } from '../../core/plugins/store.ts';
import type { KubernetesClient, KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import { displayName } from '../../lib/kubernetes/workload.ts';
import type { Cluster } from './find-live.ts';
import { isGeneration, replacedBy } from './generation.ts';
import { usersOf } from './point-to.ts';
import { readList } from './read-list.ts';
import { referencesIn } from './references.ts';
import type { SecretObject } from './secret-object.ts';
import type { SecretRef } from './secret-ref.ts';
import { nameIn } from './version.ts';
import { nameOf } from './workloads.ts';

/**
 * Removes the immutable Secret that this rotation's has replaced, once nothing names it any more.
 * @throws RotationError REFUSED with who still does
 */
export async function removeReplaced(
  { client, cluster }: { readonly client: KubernetesClient; readonly cluster: Cluster },
  slot: SecretRef,
  { replaced: before, receipt }: FinishedPush,
  { signal }: CallContext,
): Promise<void> {
  const { namespace } = slot;
  const name = nameIn(receipt.version);
  const replaced = nameIn(before);
  if (name === undefined || replaced === undefined) return;
  const ours = await cluster.secrets.get({ namespace, name }, signal);
  if (ours === undefined || !isGeneration(ours, slot.name) || replacedBy(ours) !== replaced) return;
  const old = await cluster.secrets.get({ namespace, name: replaced }, signal);
  if (old === undefined || !old.immutable || isYounger(old, ours)) return;

  const workloads = usersOf(await cluster.workloads(namespace, signal), replaced).map(displayName);
  const users = [...workloads, ...(await podsNaming(client, namespace, replaced, signal))];
  if (users.length > 0) {
    throw new RotationError('REFUSED', {
      subject: `${cluster.name}/${namespace}/${replaced}`,
      action: 'remove the Secret that was replaced',
      reason: `it is still named by ${users.slice(0, 5).join(', ')}${users.length > 5 ? ' and others' : ''}`,
      hint: `Point them to ${name}, or let them end; then run \`keyturn resume\`. The Secret was kept.`,
    });
  }
  await cluster.secrets.remove(old, signal);
}

/** Somebody has made it again under the old name since, as a deployment from a repository does. */
function isYounger({ createdAt: one = '' }: SecretObject, { createdAt: other = '' }: SecretObject): boolean {
  return Date.parse(one) > Date.parse(other);
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
