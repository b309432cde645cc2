import type { CallContext } from '../../core/plugins/contexts.ts';
import type { FinishedPush } from '../../core/plugins/store.ts';
import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import { assertUnnamed } from './assert-unnamed.ts';
import type { Cluster } from './find-live.ts';
import { isGeneration, replacedBy } from './generation.ts';
import type { SecretObject } from './secret-object.ts';
import type { SecretRef } from './secret-ref.ts';
import { nameIn } from './version.ts';

/**
 * Removes the immutable Secret that this rotation's has replaced, once nothing names it any more.
 * @throws RotationError REFUSED with who still does
 */
export async function removeReplaced(
  place: { readonly client: KubernetesClient; readonly cluster: Cluster },
  slot: SecretRef,
  { replaced: before, receipt }: FinishedPush,
  { signal }: CallContext,
): Promise<void> {
  const { secrets } = place.cluster;
  const { namespace } = slot;
  const name = nameIn(receipt.version);
  const replaced = nameIn(before);
  if (name === undefined || replaced === undefined) return;
  const ours = await secrets.get({ namespace, name }, signal);
  if (ours === undefined || !isGeneration(ours, slot.name) || replacedBy(ours) !== replaced) return;
  const old = await secrets.get({ namespace, name: replaced }, signal);
  if (old === undefined || !old.immutable || isYounger(old, ours)) return;
  const words = {
    action: 'remove the Secret that was replaced',
    hint: `Point them to ${name}, or let them end; then run \`keyturn resume\`.`,
  };
  await assertUnnamed(place, old, words, signal);
  await secrets.remove(old, signal);
}

/** Somebody has made it again under the old name since, as a deployment from a repository does. */
function isYounger({ createdAt: one = '' }: SecretObject, { createdAt: other = '' }: SecretObject): boolean {
  return Date.parse(one) > Date.parse(other);
}
