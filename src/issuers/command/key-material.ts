import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CommandOptions } from './options.ts';

export function keyIdOf(key: Credential, keyId: CommandOptions['keyId']): string | undefined {
  if (keyId === undefined) return undefined;
  const value = key[keyId.part]?.reveal();
  if (value === undefined || keyId.pattern === undefined) return value;
  return new RegExp(keyId.pattern, 'u').exec(value)?.[1];
}

/** @throws RotationError REFUSED, with the name of the part but never its value */
export function refuseDamaged(key: Credential, parts: CommandOptions['parts'], subject: string): void {
  for (const [part, { format }] of Object.entries(parts)) {
    const reason = problemOf(key[part]?.reveal(), format);
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
  if (format !== undefined && new RegExp(`^(?:${format})$`, 'u').test(value)) return undefined;
  if (value.trim() !== value) return 'has white space in front or behind';
  if (format !== undefined) return 'does not have its format';
  return /\s/.test(value) ? 'has white space inside' : undefined;
}
