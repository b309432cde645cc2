import { RotationError } from '../core/errors/rotation-error.ts';

/**
 * The entry of that name; `kind` says what it names: `store type`, `key`.
 * @throws RotationError CONFIG_INVALID, with the names there are
 */
export function named<T>(entries: Readonly<Record<string, T>>, kind: string, name: string): T {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry !== undefined) return entry;
  throw new RotationError('CONFIG_INVALID', {
    subject: `${kind} ${name}`,
    reason: `it is not one of: ${Object.keys(entries).join(', ')}`,
  });
}
