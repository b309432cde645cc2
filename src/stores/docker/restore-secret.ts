import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, WriteContext } from '../../core/plugins/store.ts';
import { idIn, type Live, type Swarm } from './find-live.ts';
import { isGeneration, isMadeBy, replacedBy } from './generation.ts';
import { pointTo } from './point-to.ts';

const ACTION = 'bring the old secret back';

/**
 * Gives the services the secret back that was replaced, and removes the one that replaced it. The swarm never shows a
 * value: whose secret it is, its labels say.
 * @throws RotationError DRIFT, REFUSED
 */
export async function restoreSecret(
  swarm: Swarm,
  slot: string,
  { secret, users, successor }: Live,
  { before }: Restoration,
  { signal, rotationId }: WriteContext,
): Promise<void> {
  const subject = `${swarm.name}/${slot}`;
  const ours = successor ?? secret;
  const wanted = before === undefined ? undefined : idIn(before);
  if (ours.id === wanted) return removeUnused(swarm, slot, { replaced: wanted, rotationId }, signal);
  const replaced = replacedBy(ours);
  // Somebody else's push may have replaced the very same one, where ours never happened.
  if (replaced === undefined || replaced !== wanted || !isMadeBy(ours, rotationId)) {
    throw new RotationError('DRIFT', {
      subject,
      action: ACTION,
      reason: `its services use ${ours.name}, which this rotation has not made`,
    });
  }
  const old = await swarm.secrets.get(replaced, signal);
  if (old === undefined) {
    throw new RotationError('REFUSED', {
      subject,
      action: ACTION,
      reason: 'the secret that was replaced is not there any more',
      hint: 'Make a secret with the old value and give it to the services by hand.',
    });
  }
  await pointTo(swarm.services, users, { from: ours, to: old }, subject, signal);
  await swarm.secrets.remove(ours, signal);
}

/** A push that was cut before its first service has made a secret that none uses. */
async function removeUnused(
  { secrets }: Swarm,
  slot: string,
  made: { readonly replaced: string; readonly rotationId: string },
  signal: AbortSignal,
): Promise<void> {
  for (const secret of await secrets.list(slot, signal)) {
    const ours = isGeneration(secret, slot) && isMadeBy(secret, made.rotationId);
    if (ours && replacedBy(secret) === made.replaced) await secrets.remove(secret, signal);
  }
}
