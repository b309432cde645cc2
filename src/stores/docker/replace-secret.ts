import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { WriteContext } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import type { Live, Swarm } from './find-live.ts';
import { isSuccessor, successorName, successorSpec } from './generation.ts';
import { pointTo } from './point-to.ts';
import type { SwarmSecret } from './swarm-secret.ts';

type Made = Pick<SwarmSecret, 'id' | 'name'>;

/**
 * Makes a secret with the new value and gives it to the services. What a cut left half done is completed: the name is
 * the same for every attempt of the same push.
 * @throws RotationError INDETERMINATE when some of the services are switched
 */
export async function replaceSecret(
  swarm: Swarm,
  slot: string,
  { secret: old, users, successor }: Live,
  value: Secret,
  ctx: WriteContext,
): Promise<Made> {
  const subject = `${swarm.name}/${slot}`;
  const name = successorName(slot, old.id, ctx.idempotencyToken);
  if (successor !== undefined && successor.name !== name) {
    throw new RotationError('CONFLICT', {
      subject,
      reason: `some of its services use ${successor.name} already, which another push has made`,
    });
  }
  const next = successor ?? (await make(swarm, old, { name, slot, value }, ctx));
  try {
    await pointTo(swarm.services, users, { from: old, to: next }, subject, ctx.signal);
  } catch (error) {
    if (successor === undefined && isCertain(error)) await removeUnused(swarm, next);
    throw error;
  }
  return next;
}

async function make(
  { secrets, name: store }: Swarm,
  old: SwarmSecret,
  next: { readonly name: string; readonly slot: string; readonly value: Secret },
  { signal, rotationId }: WriteContext,
): Promise<Made> {
  const { name } = next;
  const subject = `${store}/${name}`;
  try {
    return { name, id: await secrets.create(successorSpec(old, { ...next, rotationId }), subject, signal) };
  } catch (error) {
    if (!isRotationError(error, 'CONFLICT')) throw error;
    // An attempt of this very push was cut after it.
    const there = await secrets.get(name, signal);
    if (there !== undefined && isSuccessor(there, old, next.value)) return there;
    throw new RotationError(
      'CONFLICT',
      { subject, reason: 'somebody else has made a secret of this name' },
      { cause: error },
    );
  }
}

/** Whether the failed switch certainly did nothing. */
function isCertain(error: unknown): boolean {
  return isRotationError(error) && !['INDETERMINATE', 'INTERNAL'].includes(error.code);
}

/** No service uses it, and the error is told in any case; what is left behind harms nobody. */
async function removeUnused({ secrets }: Swarm, secret: Made): Promise<void> {
  await secrets.remove(secret, new AbortController().signal).catch(() => {});
}
