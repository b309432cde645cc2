import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { plugin } from '../../src/issuers/generated/index.ts';
import { textBits } from '../../src/issuers/generated/strength.ts';
import { WORDS } from '../../src/issuers/generated/words.ts';
import { CALL, openIssuer, refusalOf } from './open-issuer.ts';

const made = async (options: unknown): Promise<string> => {
  const { credential } = await (await openIssuer(plugin, options)).createKey('label', CALL);
  return credential['value']?.reveal() ?? '';
};

describe('text', () => {
  it.each([
    [{ format: 'hex', bits: 128 }, /^[0-9a-f]{32}$/],
    [{ format: 'base64url' }, /^[\w-]{43}$/],
    [{ format: 'bytes' }, /^[\w+/]{43}=$/],
    [{ format: 'hex', prefix: 'whsec_' }, /^whsec_[0-9a-f]{64}$/],
    [{ format: 'words', separator: '.' }, /^([a-z]+\.){15}[a-z]+$/],
    [{ format: 'charset', charset: 'abcd', length: 64 }, /^[abcd]{64}$/],
  ])('%j looks as asked', async (options, pattern) => {
    expect(await made(options)).toMatch(pattern);
  });

  it('passes its own validation, whatever the options', async () => {
    const prefix = fc.constantFrom('', 'k_', 'whsec-');
    const bits = fc.integer({ min: 16, max: 64 }).map((bytes) => bytes * 8);
    const options = fc.oneof(
      fc.record({ format: fc.constantFrom('hex', 'base64url', 'bytes'), bits, prefix }),
      fc.record({
        format: fc.constant('words'),
        count: fc.integer({ min: 16, max: 30 }),
        separator: fc.constantFrom('-', '.', '_', '+'),
        prefix,
      }),
      fc.record({
        format: fc.constant('charset'),
        charset: fc.constantFrom('01', 'abc-', 'aB9^]\\$'),
        length: fc.integer({ min: 128, max: 140 }),
        prefix,
      }),
    );
    await fc.assert(
      fc.asyncProperty(options, async (chosen) => {
        const issuer = await openIssuer(plugin, chosen);
        const { credential } = await issuer.createKey('label', CALL);
        issuer.validate(credential);
        const longer = { value: new Secret(`${credential['value']?.reveal()}x!`) };
        await refusalOf(() => issuer.validate(longer), 'REFUSED');
      }),
    );
  });
});

it.each(['hex', 'words'])('%s of another kind is not taken for one of its own', async (format) => {
  const issuer = await openIssuer(plugin, { format, prefix: 'k_' });
  const { credential } = await issuer.createKey('label', CALL);
  const value = credential['value']?.reveal() ?? '';
  for (const other of [value.slice(2), `${value} `, ` ${value}`, value.slice(0, -1), '  ']) {
    const error = await refusalOf(() => issuer.validate({ value: new Secret(other) }), 'REFUSED');
    expect(error.message).not.toContain(other.trim() || 'k_');
  }
  expect(issuer.keyIdOf({ other: new Secret(value) })).toBeUndefined();
});

describe('strength', () => {
  it.each([
    { format: 'hex', bits: 120 },
    { format: 'words', count: 15 },
    { format: 'charset', charset: 'ab', length: 127 },
    { format: 'charset', charset: 'aab', length: 400 },
    { format: 'rsa', bits: 2048 },
  ])('refuses %j', async (options) => {
    expect((await plugin.options()).safeParse(options).success).toBe(false);
  });

  it('counts the draws, not the characters', () => {
    expect(textBits({ format: 'words', count: 16 })).toBe(128);
    expect(textBits({ format: 'charset', charset: 'ab', length: 128 })).toBe(128);
    expect(new Set(WORDS).size).toBe(256);
  });

  it('draws from all of the set', async () => {
    const value = await made({ format: 'charset', charset: '0123456789', length: 4096 });
    expect(new Set(value).size).toBe(10);
  });
});

describe('key pairs', () => {
  it.each([{ format: 'ed25519' }, { format: 'rsa' }])(
    '%j signs with one half what the other verifies',
    async (options) => {
      const issuer = await openIssuer(plugin, options);
      const { id, credential } = await issuer.createKey('label', CALL);
      const privateKey = createPrivateKey(credential['privateKey']?.reveal() ?? '');
      const publicKey = createPublicKey(credential['publicKey']?.reveal() ?? '');
      const digest = options.format === 'rsa' ? 'sha256' : null;
      const message = Buffer.from('message');
      expect(verify(digest, message, publicKey, sign(digest, message, privateKey))).toBe(true);
      expect(issuer.keyIdOf(credential)).toBe(id);
      issuer.validate(credential);
    },
  );

  it('refuses halves that do not belong together, half a pair, and a pair of another kind', async () => {
    const issuer = await openIssuer(plugin, { format: 'ed25519' });
    const [one, other] = [await issuer.createKey('1', CALL), await issuer.createKey('2', CALL)];
    const mixed = { ...one.credential, ...publicHalf(other.credential) };
    expect((await refusalOf(() => issuer.validate(mixed), 'REFUSED')).message).toMatch(/belong together/);
    await refusalOf(() => issuer.validate(publicHalf(one.credential)), 'REFUSED');
    const rsa = await openIssuer(plugin, { format: 'rsa' });
    await refusalOf(() => rsa.validate(one.credential), 'REFUSED');
  });
});

describe('a private key that came in by hand', () => {
  const pem = (type: 'pkcs1' | 'pkcs8', modulusLength = 3072) => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
    return {
      privateKey: new Secret(privateKey.export({ type, format: 'pem' }).toString()),
      publicKey: new Secret(publicKey.export({ type: 'spki', format: 'pem' }).toString()),
    };
  };
  const withText = (pair: ReturnType<typeof pem>, text: string) => ({
    ...pair,
    privateKey: new Secret(text),
  });

  it('is refused when it is too short, in another envelope, with additions, or no key at all', async () => {
    const issuer = await openIssuer(plugin, { format: 'rsa' });
    const good = pem('pkcs8');
    issuer.validate(good);
    const text = good.privateKey.reveal();
    for (const [pair, reason] of [
      [pem('pkcs8', 2048), /does not have 3072 bits/],
      [pem('pkcs1'), /not PKCS #8 PEM without additions/],
      [withText(good, `# the key of the shop\n${text}`), /not PKCS #8 PEM without additions/],
      [withText(good, text.slice(0, 200)), /cannot be read/],
    ] as const) {
      const error = await refusalOf(() => issuer.validate(pair), 'REFUSED');
      expect(error.message).toMatch(reason);
      expect(error.message).not.toContain('PRIVATE KEY');
    }
  });
});

it('warns, and no more, when the current value has another format', async () => {
  const issuer = await openIssuer(plugin, { format: 'hex' });
  expect(await issuer.preflight({ value: new Secret('made by hand') }, CALL)).toEqual([
    expect.objectContaining({ severity: 'warning' }),
  ]);
});

function publicHalf(credential: Readonly<Record<string, Secret>>): Record<string, Secret> {
  const { publicKey } = credential;
  return publicKey === undefined ? {} : { publicKey };
}
