import type { FinishedPush } from '../../core/plugins/store.ts';
import { idIn, type Swarm } from './find-live.ts';
import { isGeneration, replacedBy } from './generation.ts';

/**
 * Removes the secret that this rotation's has replaced. While a service uses it, the swarm itself keeps it.
 * @throws RotationError REFUSED with the services that do
 */
export async function removeReplaced(
  { secrets }: Swarm,
  slot: string,
  { replaced, receipt: { version } }: FinishedPush,
  signal: AbortSignal,
): Promise<void> {
  if (version === undefined || replaced === undefined) return;
  const ours = await secrets.get(idIn(version), signal);
  if (ours === undefined || !isGeneration(ours, slot) || replacedBy(ours) !== idIn(replaced)) return;
  const old = await secrets.get(idIn(replaced), signal);
  if (old !== undefined) await secrets.remove(old, signal);
}
