import { type FileHandle, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { type Reading, type ReferenceSettings, withoutNewline } from './reading.ts';

/** Far above any secret, and above any bundle of certificates. */
const MAX_BYTES = 4 * 1024 * 1024;

const READ_BY_OTHERS = 0o004;

/** The text of `file:PATH` without its last newline. @throws RotationError CONFIG_INVALID */
export async function readSecretFile(path: string, { baseDir, env }: ReferenceSettings): Promise<Reading> {
  const subject = `file:${path}`;
  const home = env['HOME'] ?? homedir();
  const absolute = resolve(
    baseDir,
    path.replace(/^~(?=\/)/, () => home),
  );
  let file: FileHandle | undefined;
  try {
    file = await open(absolute, 'r');
    // Of the open file, not of the name: it cannot be exchanged between the question and the reading.
    const { mode, size } = await file.stat();
    if (size > MAX_BYTES) throw invalid(subject, `it has ${size} bytes, which is no secret`);
    const text = decode(await file.readFile(), subject);
    if ((mode & READ_BY_OTHERS) !== 0 && !isCertificate(text)) throw readableByAll(subject, path);
    return { subject, value: withoutNewline(text) };
  } catch (error) {
    throw error instanceof RotationError ? error : invalid(subject, (error as Error).message);
  } finally {
    await file?.close();
  }
}

/** Certificates are made to be shown; a private key beside them is not. */
function isCertificate(text: string): boolean {
  return text.includes('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY-----');
}

function readableByAll(subject: string, path: string): RotationError {
  return invalid(
    subject,
    'every user of the machine can read it',
    `chmod 600 ${path} (a mounted secret: set its default mode to 0400), and consider it known to others.`,
  );
}

/** Bytes that are no text would be replaced silently, and a damaged secret used. */
function decode(bytes: Uint8Array, subject: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(subject, 'it is not UTF-8 text');
  }
}

function invalid(subject: string, reason: string, hint?: string): RotationError {
  return new RotationError('CONFIG_INVALID', { subject, reason, ...(hint === undefined ? {} : { hint }) });
}
