import type { Credential } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { KeyRecord, Principal, Usage } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import { misunderstood } from '../../lib/process/ask-program.ts';

/** `{"parts": {"value": "…"}}` with every part that the options name. @throws RotationError INDETERMINATE */
export function credentialIn(answer: JsonObject, names: readonly string[], subject: string): Credential {
  const parts = (answer['parts'] ?? {}) as JsonObject;
  const credential: Record<string, Secret> = {};
  for (const name of names) {
    const value = parts[name];
    if (typeof value !== 'string' || value === '') {
      const about = { subject, action: 'create a key', effect: 'write' as const };
      throw misunderstood(about, `its answer has no text at parts.${name}`);
    }
    credential[name] = new Secret(value);
  }
  return credential;
}

/** `{"id": "…", "display": "…"}` */
export function principalIn({ id, display }: JsonObject, subject: string): Principal {
  if (typeof id !== 'string' || id === '') {
    const about = { subject, action: 'ask who the key acts as', effect: 'read' as const };
    throw misunderstood(about, 'its answer has no text at id');
  }
  return { id, display: typeof display === 'string' && display !== '' ? display : id };
}

/** `{"keys": [{"id", "status": "active" | "inactive", "createdAt"?, "label"?}]}` */
export function recordsIn({ keys }: JsonObject, subject: string): readonly KeyRecord[] {
  const about = { subject, action: 'list the keys', effect: 'read' as const };
  // No list is not an empty one: an orphan that is not seen would be made twice.
  if (!Array.isArray(keys)) throw misunderstood(about, 'its answer has no list at keys');
  return (keys as (JsonObject | null)[]).map((key) => {
    const { id, status, createdAt, label } = key ?? {};
    if (typeof id !== 'string' || id === '') throw misunderstood(about, 'a key has no text at id');
    if (status !== 'active' && status !== 'inactive')
      throw misunderstood(about, 'a key is neither active nor inactive');
    return {
      id,
      status,
      ...(typeof createdAt === 'string' ? { createdAt } : {}),
      ...(typeof label === 'string' ? { label } : {}),
    };
  });
}

/** `{"lastUsedAt": "2030-01-31T12:00:00Z"}`; null, and nothing else, says that the key was never used. */
export function usageIn({ lastUsedAt }: JsonObject, subject: string): Usage {
  if (lastUsedAt === null) return { lastUsedAt: undefined };
  if (typeof lastUsedAt === 'string' && !Number.isNaN(Date.parse(lastUsedAt)))
    return { lastUsedAt: new Date(lastUsedAt).toISOString() };
  const about = { subject, action: 'ask when the key was last used', effect: 'read' as const };
  throw misunderstood(about, 'its answer has neither a time nor null at lastUsedAt');
}
