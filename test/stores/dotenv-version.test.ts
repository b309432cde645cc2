import { createHash, randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { useFingerprintKey } from '../../src/core/fingerprint.ts';
import { envFolder, slotOf } from './support/env-folder.ts';
import { secretsOf, writing } from './support/writes.ts';

afterEach(() => useFingerprintKey(randomBytes(32)));

const [ONE_KEY, OTHER_KEY] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

async function versionUnder(key: Uint8Array, text: string): Promise<string> {
  const { store, put } = envFolder();
  put(text);
  useFingerprintKey(key);
  return (await store.read(slotOf('KEY'), writing()))?.version ?? '';
}

test('the version of an env file tells under one key whether it was changed', async () => {
  expect(await versionUnder(ONE_KEY, 'KEY=a\n')).toBe(await versionUnder(ONE_KEY, 'KEY=a\n'));
  expect(await versionUnder(ONE_KEY, 'KEY=a\n')).not.toBe(await versionUnder(ONE_KEY, 'KEY=a \n'));
});

test('nobody without the key can try out what the file holds', async () => {
  expect(await versionUnder(ONE_KEY, 'KEY=a\n')).not.toBe(await versionUnder(OTHER_KEY, 'KEY=a\n'));

  const { store, put, bytes } = envFolder();
  put('KEY=guessable\n');
  const read = await store.read(slotOf('KEY'), writing());
  const before = bytes();
  const written = await store.write(slotOf('KEY'), secretsOf({ KEY: 'guessed' }), read?.version, writing());
  for (const [version, content] of [
    [read?.version, before],
    [written.version, bytes()],
  ] as const) {
    for (const algorithm of ['sha256', 'sha512', 'sha1', 'md5']) {
      const plain = createHash(algorithm).update(content).digest();
      expect(version).toMatch(/^content-/);
      expect(version).not.toContain(plain.toString('hex').slice(0, 8));
      expect(version).not.toContain(plain.toString('base64').slice(0, 8));
    }
  }
});
