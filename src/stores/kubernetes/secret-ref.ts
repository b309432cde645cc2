import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot } from '../../core/plugins/store.ts';
import { OBJECT_NAME } from '../../lib/kubernetes/workload.ts';

export interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

const REF = new RegExp(`^(${OBJECT_NAME})/(${OBJECT_NAME})$`);
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** @throws RotationError CONFIG_INVALID when no Secret could be called so, or have such a key */
export function secretRef({ ref, fields }: Slot, store: string): SecretRef {
  const subject = `${store}/${ref}`;
  const [, namespace, name] = REF.exec(ref) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: 'its `ref` is not NAMESPACE/NAME',
      hint: 'Write the namespace and the name of the Secret: `shop/payments`.',
    });
  }
  const odd = fields.find((field) => !KEY.test(field) || /^\.{1,2}$/.test(field));
  if (odd !== undefined || fields.length === 0) {
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason:
        (odd ?? '') === '' ? 'no `field` names a key of the Secret' : `"${odd}" cannot be a key of a Secret`,
      hint: 'Give the key as `field`: letters, digits, `-`, `_` and `.`.',
    });
  }
  return { namespace, name };
}
