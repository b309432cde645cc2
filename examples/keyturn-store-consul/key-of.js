// @ts-check
import { RotationError, WHOLE } from 'keyturn/plugin';

/** @import { Slot } from 'keyturn/plugin' */

/**
 * The key that a slot names. What else Consul does not take (newer releases allow few characters) it says itself.
 * @param {Slot} slot
 * @param {string} name of the store
 * @throws RotationError REFUSED
 */
export function keyOf({ ref, fields }, name) {
  const subject = `${name}/${ref}`;
  if (fields.length !== 1 || fields[0] !== WHOLE) {
    const hint = 'Leave `field` out.';
    throw new RotationError('REFUSED', { subject, reason: 'a key of Consul has no fields', hint });
  }
  if (ref.startsWith('/') || ref.endsWith('/')) {
    const hint = 'Write it as `consul kv get` takes it: `apps/ci/postman`.';
    throw new RotationError('REFUSED', { subject, reason: 'a key does not begin or end with a slash', hint });
  }
  return ref;
}
