import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { Secret } from '../../core/secret.ts';
import type { KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';

export interface OwnerReference extends JsonObject {
  readonly kind: string;
  readonly name: string;
  readonly controller?: boolean;
}

/** A Secret as the API server gives it; its values are base64. */
export interface SecretObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: string;
  readonly immutable: boolean;
  readonly data: Fields<string>;
  readonly labels: Fields<string>;
  readonly annotations: Fields<string>;
  readonly owners: readonly OwnerReference[];
  readonly createdAt: string | undefined;
}

interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly labels?: Fields<string> | null;
  readonly annotations?: Fields<string> | null;
  readonly ownerReferences?: readonly OwnerReference[] | null;
}

/** Undefined when the answer is no Secret. */
export function secretObject(told: KubernetesObject): SecretObject | undefined {
  const { name, namespace, uid, resourceVersion, ...rest } = (told['metadata'] ?? {}) as Metadata;
  if (name === undefined || namespace === undefined || resourceVersion === undefined) return undefined;
  return {
    namespace,
    name,
    uid: uid ?? '',
    resourceVersion,
    type: typeof told['type'] === 'string' ? told['type'] : 'Opaque',
    immutable: told['immutable'] === true,
    data: (told['data'] ?? {}) as Fields<string>,
    labels: rest.labels ?? {},
    annotations: rest.annotations ?? {},
    owners: rest.ownerReferences ?? [],
    createdAt: rest.creationTimestamp,
  };
}

/** The fields that are there and not empty. @throws RotationError REFUSED for bytes that are no text */
export function valuesIn({ data }: SecretObject, fields: readonly string[], subject: string): Fields<Secret> {
  const values: Record<string, Secret> = {};
  for (const field of fields) {
    const encoded = data[field] ?? '';
    if (encoded !== '') values[field] = new Secret(textOf(encoded, field, subject));
  }
  return values;
}

export function encoded(values: Fields<Secret>): Fields<string> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      Buffer.from(value.reveal(), 'utf8').toString('base64'),
    ]),
  );
}

function textOf(encodedValue: string, field: string, subject: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(encodedValue, 'base64'),
    );
  } catch {
    throw new RotationError('REFUSED', {
      subject,
      reason: `the value of ${field} is not text: it could not be put back as it was`,
      hint: 'Keys that are rotated are UTF-8 text. Look whether `field` names the right key.',
    });
  }
}
