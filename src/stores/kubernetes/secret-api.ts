import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { KubernetesClient, KubernetesObject } from '../../lib/kubernetes/kubernetes-client.ts';
import { type SecretObject, secretObject } from './secret-object.ts';
import type { SecretRef } from './secret-ref.ts';

/** The calls that a Secret needs. Each makes one attempt. */
export interface SecretApi {
  /** Undefined when there is none. */
  get(ref: SecretRef, signal: AbortSignal): Promise<SecretObject | undefined>;
  /** A merge patch: what it does not name stays. @throws RotationError CONFLICT when `resourceVersion` is in it and not current */
  patch(ref: SecretRef, patch: JsonObject, signal: AbortSignal): Promise<SecretObject>;
  /** @throws RotationError CONFLICT when the name is taken */
  create(namespace: string, body: JsonObject, signal: AbortSignal): Promise<SecretObject>;
  /** As `patch`, up to the point where it would be kept. */
  tryPatch(ref: SecretRef, patch: JsonObject, signal: AbortSignal): Promise<void>;
  tryCreate(namespace: string, body: JsonObject, signal: AbortSignal): Promise<void>;
  /** Absent is success. Another one that has taken the name is not removed. */
  remove(secret: Pick<SecretObject, 'namespace' | 'name' | 'uid'>, signal: AbortSignal): Promise<void>;
}

export function createSecretApi(client: KubernetesClient): SecretApi {
  const subjectOf = ({ namespace, name }: SecretRef): string => `${client.name}/${namespace}/${name}`;

  return {
    get: async (ref, signal) => {
      const about = { subject: subjectOf(ref), action: 'read the Secret', effect: 'read' } as const;
      try {
        const told = await client.ask({ ...about, method: 'GET', path: pathOf(ref) }, signal);
        return expected(told, about);
      } catch (error) {
        if (isRotationError(error, 'NOT_FOUND')) return undefined;
        throw error;
      }
    },

    patch: async (ref, body, signal) => {
      const about = { subject: subjectOf(ref), action: 'write the Secret', effect: 'write' } as const;
      const path = pathOf(ref);
      return expected(
        await client.ask({ ...about, method: 'PATCH', path, body, patch: 'merge' }, signal),
        about,
      );
    },

    create: async (namespace, body, signal) => {
      const about = {
        subject: `${client.name}/${namespace}`,
        action: 'make a Secret',
        effect: 'write',
      } as const;
      const path = secretsPath(namespace);
      return expected(await client.ask({ ...about, method: 'POST', path, body }, signal), about);
    },

    tryPatch: async (ref, body, signal) => {
      const about = {
        subject: subjectOf(ref),
        action: 'try a change of the Secret',
        effect: 'read',
      } as const;
      const patch = { method: 'PATCH', path: pathOf(ref), body, patch: 'merge', dryRun: true } as const;
      await client.ask({ ...about, ...patch }, signal);
    },

    tryCreate: async (namespace, body, signal) => {
      const subject = `${client.name}/${namespace}`;
      const about = { subject, action: 'try to make a Secret', effect: 'read' } as const;
      const path = secretsPath(namespace);
      await client.ask({ ...about, method: 'POST', path, body, dryRun: true }, signal);
    },

    remove: async ({ uid, ...ref }, signal) => {
      const about = { subject: subjectOf(ref), action: 'remove the Secret', effect: 'write' } as const;
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
      try {
        await client.ask({ ...about, method: 'DELETE', path: pathOf(ref), body }, signal);
      } catch (error) {
        if (!isRotationError(error, 'NOT_FOUND')) throw error;
      }
    },
  };
}

function secretsPath(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/secrets`;
}

function pathOf({ namespace, name }: SecretRef): string {
  return `${secretsPath(namespace)}/${name}`;
}

function expected(
  told: KubernetesObject,
  about: { readonly subject: string; readonly action: string; readonly effect: 'read' | 'write' },
): SecretObject {
  const secret = secretObject(told);
  if (secret !== undefined) return secret;
  const code = about.effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE';
  throw new RotationError(code, { ...about, reason: 'the answer is not a Secret' });
}
