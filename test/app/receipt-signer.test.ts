import { createPublicKey, verify } from 'node:crypto';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { receiptSigner } from '../../src/app/receipt-signer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-signer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('makes its key on first use, for its owner alone, and keeps it', async () => {
  const path = join(folder, 'home/receipt-signing.pem');
  const first = await receiptSigner(path)('a receipt');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'home'))).mode & 0o077).toBe(0);
  const again = await receiptSigner(path)('another receipt');
  expect(again.publicKey).toBe(first.publicKey);

  const key = createPublicKey({
    key: Buffer.from(first.publicKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const verifies = (text: string): boolean =>
    verify(null, Buffer.from(text), key, Buffer.from(first.value, 'base64'));
  expect(verifies('a receipt')).toBe(true);
  expect(verifies('a receipt.')).toBe(false);
});

it('agrees on one key with whoever makes it at the same moment', async () => {
  const path = join(folder, 'receipt-signing.pem');
  const signers = Array.from({ length: 4 }, () => receiptSigner(path)('a receipt'));
  const keys = new Set((await Promise.all(signers)).map(({ publicKey }) => publicKey));
  expect(keys.size).toBe(1);
});

it('makes no second key where the first cannot be read', async () => {
  const path = join(folder, 'receipt-signing.pem');
  await mkdir(path);
  await expect(receiptSigner(path)('a receipt')).rejects.toMatchObject({ code: 'EISDIR' });
});
