import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Decrypter, Encrypter } from 'age-encryption';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { createOnce } from './create-once.ts';

/** Who can open sealed material. References have been resolved. */
export interface SealingKeys {
  /** age recipients besides the identity's own. */
  readonly recipients: readonly string[];
  /** An age identity given by the config; undefined: `identityPath`, made on first use. */
  readonly identity: Secret | undefined;
  readonly passphrase: Secret | undefined;
  readonly identityPath: string;
}

/**
 * The 32 bytes that seal one rotation's journal, themselves sealed with age to the team's recipients in a file of
 * their own: a journal is never rewritten, so deleting this file is what destroys everything sealed in it.
 */
export async function readOrMakeDataKey(path: string, keys: SealingKeys): Promise<Uint8Array> {
  const sealed = await readIfThere(path);
  if (sealed !== undefined) return unsealDataKey(sealed, keys);
  const dataKey = randomBytes(32);
  const { Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  await addRecipients(encrypter, keys);
  if (await createOnce(path, await encrypter.encrypt(dataKey))) return dataKey;
  // Somebody else made it meanwhile: theirs is the one that opens what is sealed from now on.
  return unsealDataKey(await readFile(path), keys);
}

/** Overwrites, then deletes. An absent file is success. */
export async function destroyDataKey(path: string): Promise<void> {
  if ((await readIfThere(path)) === undefined) return;
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  try {
    await file.write(randomBytes(size), 0, size, 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await rm(path);
}

async function unsealDataKey(sealed: Uint8Array, keys: SealingKeys): Promise<Uint8Array> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  await addIdentity(decrypter, keys);
  try {
    return await decrypter.decrypt(sealed);
  } catch {
    throw new RotationError('REFUSED', {
      subject: 'sealed material',
      reason: 'the configured age identity (or passphrase) does not open it',
      hint: 'Use the identity of somebody among `sealing.recipients`, on this or another machine.',
    });
  }
}

async function addRecipients(encrypter: Encrypter, keys: SealingKeys): Promise<void> {
  if (keys.passphrase !== undefined) {
    encrypter.setPassphrase(keys.passphrase.reveal());
    return;
  }
  for (const recipient of keys.recipients) encrypter.addRecipient(recipient);
  if (keys.recipients.length > 0 && keys.identity === undefined) return;
  const { identityToRecipient } = await import('age-encryption');
  encrypter.addRecipient(await identityToRecipient((await identityOf(keys)).reveal()));
}

async function addIdentity(decrypter: Decrypter, keys: SealingKeys): Promise<void> {
  if (keys.passphrase !== undefined) decrypter.addPassphrase(keys.passphrase.reveal());
  else decrypter.addIdentity((await identityOf(keys)).reveal());
}

/** The given identity, or the one in the identity file, which is made (0600) on first use. */
async function identityOf(keys: SealingKeys): Promise<Secret> {
  if (keys.identity !== undefined) return keys.identity;
  const there = await readIfThere(keys.identityPath);
  if (there !== undefined) return secretLine(Buffer.from(there).toString('utf8'), keys.identityPath);
  const { generateIdentity, identityToRecipient } = await import('age-encryption');
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  await mkdir(dirname(keys.identityPath), { recursive: true, mode: 0o700 });
  await createOnce(
    keys.identityPath,
    `# keyturn: opens what paused rotations keep sealed\n# recipient: ${recipient}\n${identity}\n`,
  );
  // Read back: another process may have made it first.
  return secretLine(await readFile(keys.identityPath, 'utf8'), keys.identityPath);
}

function secretLine(text: string, path: string): Secret {
  const line = text.split(/\r?\n/).find((candidate) => candidate.startsWith('AGE-SECRET-KEY-'));
  if (line !== undefined) return new Secret(line.trim());
  throw new RotationError('CONFIG_INVALID', {
    subject: path,
    reason: 'it holds no age identity (AGE-SECRET-KEY-…)',
  });
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
