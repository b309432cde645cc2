import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';

const derive = promisify(pbkdf2);

/** What the server itself would take. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;

/**
 * What the server keeps of a password (RFC 5803): given in its place, it is stored as it is. So the password stands in
 * no statement, and in no log, view or statistic that shows statements. Nobody can log in with it.
 * @throws RotationError INTERNAL for text that SASLprep might change; the passwords made here are ASCII
 */
export async function scramVerifier(password: Secret, salt = randomBytes(SALT_BYTES)): Promise<string> {
  const text = password.reveal();
  if (!/^[\x21-\x7e]+$/.test(text)) {
    throw new RotationError('INTERNAL', { subject: 'the new password', reason: 'it is not printable ASCII' });
  }
  const salted = await derive(text, salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
