import { createHash } from 'node:crypto';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import type { SwarmSecret } from './swarm-secret.ts';

/** A swarm secret cannot be changed: another one takes its place, and says in its labels whose. */
const SLOT = 'dev.keyturn.slot';
const REPLACES = 'dev.keyturn.replaces';
const ROTATION = 'dev.keyturn.rotation';
/** Keyed, so that whoever reads labels cannot try out values. */
const FINGERPRINT = 'dev.keyturn.fingerprint';

const LONGEST_NAME = 64;

export function isGeneration({ name, labels }: SwarmSecret, slot: string): boolean {
  return name === slot || labels[SLOT] === slot;
}

/** Id of the secret that this one took the place of; undefined when keyturn has not made it. */
export function replacedBy({ labels }: SwarmSecret): string | undefined {
  return labels[SLOT] === undefined ? undefined : labels[REPLACES];
}

export function isMadeBy({ labels }: SwarmSecret, rotationId: string): boolean {
  return labels[ROTATION] === rotationId;
}

/** The same for every attempt of the same push. @throws RotationError LIMIT_REACHED */
export function successorName(slot: string, replaced: string, idempotencyToken: string): string {
  const hash = createHash('sha256').update(`${idempotencyToken}\0${replaced}`, 'utf8').digest('hex');
  const name = `${slot}-${hash.slice(0, 10)}`;
  if (name.length <= LONGEST_NAME) return name;
  throw new RotationError('LIMIT_REACHED', {
    subject: slot,
    reason: `a secret is replaced under a longer name, and ${name.length} characters are more than ${LONGEST_NAME}`,
    hint: 'Give the secret a shorter name.',
  });
}

export function successorSpec(
  old: SwarmSecret,
  next: { readonly name: string; readonly slot: string; readonly rotationId: string; readonly value: Secret },
): JsonObject {
  return {
    Name: next.name,
    Labels: {
      ...old.labels,
      [SLOT]: next.slot,
      [REPLACES]: old.id,
      [ROTATION]: next.rotationId,
      [FINGERPRINT]: next.value.fingerprint(),
    },
    Data: Buffer.from(next.value.reveal(), 'utf8').toString('base64'),
    ...(old.templating === undefined ? {} : { Templating: old.templating }),
  };
}

/** Whether a secret that is there already is what a push would make. */
export function isSuccessor(there: SwarmSecret, old: SwarmSecret, value: Secret): boolean {
  return replacedBy(there) === old.id && there.labels[FINGERPRINT] === value.fingerprint();
}
