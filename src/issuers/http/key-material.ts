import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { atPath } from '../../lib/json-path.ts';
import type { HttpOptions } from './options.ts';

type Shape = Pick<HttpOptions, 'keyId' | 'formats'> & { readonly parts: readonly string[] };

export function keyIdOf(key: Credential, { keyId }: Pick<HttpOptions, 'keyId'>): string | undefined {
  if (keyId === undefined) return undefined;
  const value = key[keyId.part]?.reveal();
  if (value === undefined || keyId.pattern === undefined) return value;
  return new RegExp(keyId.pattern, 'u').exec(value)?.[1];
}

/** @throws RotationError REFUSED, with the name of the part but never its value */
export function refuseDamaged(key: Credential, shape: Shape, subject: string): void {
  for (const part of shape.parts) {
    const reason = problemOf(key[part]?.reveal(), shape.formats[part]);
    if (reason !== undefined)
      throw new RotationError('REFUSED', {
        subject,
        action: 'read the key',
        reason: `its part ${part} ${reason}`,
      });
  }
}

function problemOf(value: string | undefined, format: string | undefined): string | undefined {
  if (value === undefined || value.trim() === '') return 'is empty';
  // PEM and the like have lines; where a format is given, it decides about white space inside.
  if (value.trim() !== value) return 'has white space in front or behind';
  if (format === undefined) return /\s/.test(value) ? 'has white space inside' : undefined;
  return new RegExp(`^(?:${format})$`, 'u').test(value) ? undefined : 'does not have its format';
}

/** The parts an answer holds; undefined with the first path at which there is none. */
export function partsFrom(
  document: unknown,
  paths: HttpOptions['create']['parts'],
): { readonly credential: Credential } | { readonly missing: string } {
  const credential: Record<string, Secret> = {};
  for (const [part, path] of Object.entries(paths)) {
    const value = atPath(document, path);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text === '') return { missing: path };
    credential[part] = new Secret(text);
  }
  return { credential };
}
