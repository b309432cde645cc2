import type { WriteContext } from '../../core/plugins/store.ts';
import type { KubernetesClient } from '../../lib/kubernetes/kubernetes-client.ts';
import { assertUnnamed } from './assert-unnamed.ts';
import type { Cluster } from './find-live.ts';
import { isGeneration, isMadeBy, replacedBy, successorName } from './generation.ts';
import type { SecretObject } from './secret-object.ts';

/**
 * Removes what this push has made to take the place of a Secret that is live (still, or again): the push was cut before
 * the first workload, or the way back behind the last one.
 * @throws RotationError REFUSED with who names it all the same
 */
export async function removeUnused(
  place: { readonly client: KubernetesClient; readonly cluster: Cluster },
  slotName: string,
  live: SecretObject,
  { idempotencyToken, rotationId, signal }: WriteContext,
): Promise<void> {
  const { secrets } = place.cluster;
  const { namespace } = live;
  const made = await secrets.get(
    { namespace, name: successorName(slotName, live, idempotencyToken) },
    signal,
  );
  if (made === undefined || !isGeneration(made, slotName)) return;
  if (replacedBy(made) !== live.name || !isMadeBy(made, rotationId)) return;
  const words = {
    action: 'remove the Secret that the push has made',
    hint: `Point them to ${live.name}, or let them end; then run \`keyturn resume\`.`,
  };
  await assertUnnamed(place, made, words, signal);
  await secrets.remove(made, signal);
}
