import { type Credential, type Fields, fingerprints } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';

/** Where the public id of a key is in its own material: a part, or the first group of a pattern in it. */
export interface KeyIdRule {
  readonly part: string;
  readonly pattern?: string | undefined;
}

export function keyIdIn(key: Credential, rule: KeyIdRule | undefined): string | undefined {
  if (rule === undefined) return undefined;
  const value = key[rule.part]?.reveal();
  if (value === undefined || rule.pattern === undefined) return value;
  return new RegExp(rule.pattern, 'u').exec(value)?.[1];
}

/** A key that was just made. What has no id of its own is named by its fingerprint: unique, and safe to show. */
export function issuedKey(credential: Credential, rule: KeyIdRule | undefined): IssuedKey {
  const id = keyIdIn(credential, rule) ?? Object.values(fingerprints(credential)).join('+');
  return { id, credential };
}

/**
 * Refuses a part that is missing, empty, padded, or not of its format (part → pattern for the whole value).
 * @throws RotationError REFUSED, with the name of the part but never its value
 */
export function refuseDamaged(
  key: Credential,
  parts: readonly string[],
  formats: Fields<string | undefined>,
  subject: string,
): void {
  for (const part of parts) {
    const reason = problemOf(key[part]?.reveal(), formats[part]);
    if (reason === undefined) continue;
    throw new RotationError('REFUSED', {
      subject,
      action: 'read the key',
      reason: `its part ${part} ${reason}`,
    });
  }
}

function problemOf(value: string | undefined, format: string | undefined): string | undefined {
  if (value === undefined || value.trim() === '') return 'is empty';
  if (value.trim() !== value) return 'has white space in front or behind';
  // PEM and the like have lines; where a format is given, it decides about white space inside.
  if (format === undefined) return /\s/.test(value) ? 'has white space inside' : undefined;
  return new RegExp(`^(?:${format})$`, 'u').test(value) ? undefined : 'does not have its format';
}
