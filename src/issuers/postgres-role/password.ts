import { randomBytes } from 'node:crypto';
import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';

export const USERNAME_PART = 'username';
export const PASSWORD_PART = 'password';

/** 256 bits, in characters that stand in a connection URL as they are. */
export function newPassword(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

/** @throws RotationError REFUSED */
export function passwordOf(key: Credential, subject: string): Secret {
  const password = key[PASSWORD_PART];
  if (password === undefined) throw refusedKey(subject, 'it has no password');
  return password;
}

/** A shell, a paste or a wrong file adds white space; other passwords than ours may hold anything else. @throws RotationError REFUSED */
export function refuseDamagedPassword(key: Credential, subject: string): void {
  const text = passwordOf(key, subject).reveal();
  if (/\s/.test(text)) throw refusedKey(subject, 'its password has white space in it');
  if (text.length < SHORTEST)
    throw refusedKey(subject, `its password is shorter than ${SHORTEST} characters`);
}

/** Nobody's password in earnest is shorter: such a value is another setting's. */
const SHORTEST = 4;

export function refusedKey(subject: string, reason: string): RotationError {
  return new RotationError('REFUSED', { subject, action: 'read the key', reason });
}
