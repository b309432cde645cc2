import { createHash } from 'node:crypto';
import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { SecretObject } from './secret-object.ts';

/**
 * An immutable Secret is replaced by one with another name: a kubelet keeps what it has seen under the old name. Each
 * generation says in its annotations of which slot it is and what it replaced.
 */
const SLOT = 'keyturn.dev/slot';
const REPLACES = 'keyturn.dev/replaces';
const ROTATION = 'keyturn.dev/rotation';

const SUFFIX = /^-[0-9a-f]{10}$/;
const LONGEST_NAME = 253;

/** Whether a name may be that of a generation of the slot; only its annotations tell. */
export function looksLikeGeneration(name: string, slotName: string): boolean {
  return name === slotName || (name.startsWith(slotName) && SUFFIX.test(name.slice(slotName.length)));
}

export function isGeneration(secret: SecretObject, slotName: string): boolean {
  return secret.name === slotName || secret.annotations[SLOT] === slotName;
}

/** Name of the Secret that this one took the place of; undefined when keyturn has not made it. */
export function replacedBy(secret: SecretObject): string | undefined {
  return secret.annotations[SLOT] === undefined ? undefined : secret.annotations[REPLACES];
}

export function isMadeBy({ annotations }: SecretObject, rotationId: string): boolean {
  return annotations[ROTATION] === rotationId;
}

/** The same for every attempt of the same push. @throws RotationError LIMIT_REACHED */
export function successorName(slotName: string, old: SecretObject, idempotencyToken: string): string {
  const hash = createHash('sha256').update(`${idempotencyToken}\0${old.name}\0${old.uid}`, 'utf8');
  const name = `${slotName}-${hash.digest('hex').slice(0, 10)}`;
  if (name.length <= LONGEST_NAME) return name;
  throw new RotationError('LIMIT_REACHED', {
    subject: old.name,
    reason: `an immutable Secret is replaced under a longer name, and ${name.length} characters are too many`,
  });
}

/** Everything of the old one but its name, the values, and what other tools know it by. */
export function successorBody(
  old: SecretObject,
  next: { readonly name: string; readonly slotName: string; readonly rotationId: string },
  values: Fields<string>,
): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: next.name,
      namespace: old.namespace,
      labels: withoutMarks(old.labels),
      annotations: {
        ...withoutMarks(old.annotations),
        [SLOT]: next.slotName,
        [REPLACES]: old.name,
        [ROTATION]: next.rotationId,
      },
      ownerReferences: old.owners,
    },
    type: old.type,
    immutable: true,
    data: { ...old.data, ...values },
  };
}

/**
 * `last-applied-configuration` holds the old values in full. By the others their tools would take the new Secret for
 * one of theirs, and remove it since it is in no repository. (`app.kubernetes.io/instance` is Argo CD's, where it
 * tracks by label.)
 */
const OTHERS_MARKS =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration$|app\.kubernetes\.io\/instance$|applyset\.kubernetes\.io\/|kapp\.k14s\.io\/|argocd\.argoproj\.io\/|meta\.helm\.sh\/|kustomize\.toolkit\.fluxcd\.io\/|helm\.toolkit\.fluxcd\.io\/)/;

function withoutMarks(marks: Fields<string>): Fields<string> {
  return Object.fromEntries(Object.entries(marks).filter(([name]) => !OTHERS_MARKS.test(name)));
}
