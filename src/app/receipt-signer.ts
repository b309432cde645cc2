import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createOnce } from '../engine/file-storage/create-once.ts';
import type { ReceiptSignature } from './runtime.ts';

/** Signs with an Ed25519 key kept at `path` (0600), made on first use. */
export function receiptSigner(path: string): (text: string) => Promise<ReceiptSignature> {
  return async (text) => {
    const privateKey = createPrivateKey(await readOrMake(path));
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
    return {
      algorithm: 'ed25519',
      publicKey,
      value: sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
    };
  };
}

async function readOrMake(path: string): Promise<string> {
  // What keeps it from being read, other than that it is not there, keeps it from being read below.
  const there = await readFile(path, 'utf8').catch(() => undefined);
  if (there !== undefined) return there;
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await createOnce(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  // Read back: another process may have been first.
  return readFile(path, 'utf8');
}
