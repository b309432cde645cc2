import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
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
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    flag: 'wx',
    mode: 0o600,
  }).catch(() => {});
  // Read back: another process may have been first.
  return readFile(path, 'utf8');
}
