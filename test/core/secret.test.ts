import { randomBytes } from 'node:crypto';
import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { fingerprints, sameFields } from '../../src/core/credential.ts';
import { useFingerprintKey } from '../../src/core/fingerprint.ts';
import { Secret } from '../../src/core/secret.ts';

afterEach(() => useFingerprintKey(randomBytes(32)));

const value = `value-${randomBytes(12).toString('hex')}`;
const secret = new Secret(value);

describe('a secret turned into text', () => {
  it.each<[string, (thing: Secret) => string]>([
    ['by String', (thing) => String(thing)],
    ['by a template', (thing) => `${thing}`],
    ['by concatenation', (thing) => `the key ${thing}`],
    ['by JSON', (thing) => JSON.stringify({ deep: [{ thing }] })],
    ['by inspect', (thing) => inspect({ deep: { thing } }, { depth: Infinity, showHidden: true })],
    [
      'by inspect without custom functions',
      (thing) => inspect(thing, { customInspect: false, showHidden: true }),
    ],
    ['by format', (thing) => format('%s %o %O %j', thing, thing, thing, thing)],
    [
      'by its own keys',
      (thing) => JSON.stringify([Object.entries(thing), { ...thing }, Reflect.ownKeys(thing)]),
    ],
    ['by a structured clone', (thing) => inspect(structuredClone(thing))],
    ['by an error', (thing) => inspect(new Error(`cannot use ${thing}`, { cause: thing }))],
  ])('%s is not its value', (_how, print) => {
    expect(print(secret)).not.toContain(value);
  });

  it('is its fingerprint', () => {
    expect(String(secret)).toBe(secret.fingerprint());
    expect(JSON.stringify(secret)).toBe(`"${secret.fingerprint()}"`);
    expect(inspect(secret)).toBe(`Secret(${secret.fingerprint()})`);
  });

  it('is its value only when that is asked for', () => {
    expect(secret.reveal()).toBe(value);
  });
});

describe('a fingerprint', () => {
  it('is the same for the same value, another for another, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (left, right) => {
        const fingerprint = new Secret(left).fingerprint();
        expect(fingerprint).toMatch(/^fp:[0-9a-f]{12}$/);
        expect(new Secret(left).fingerprint()).toBe(fingerprint);
        // Half a surrogate pair has no UTF-8 of its own.
        const same = Buffer.from(left).equals(Buffer.from(right));
        expect(new Secret(right).fingerprint() === fingerprint).toBe(same);
      }),
    );
  });

  it('depends on the key of the state folder: nobody without it can try values out', () => {
    useFingerprintKey(Buffer.alloc(32, 1));
    const one = secret.fingerprint();
    useFingerprintKey(Buffer.alloc(32, 2));
    expect(secret.fingerprint()).not.toBe(one);
    useFingerprintKey(Buffer.alloc(32, 1));
    expect(secret.fingerprint()).toBe(one);
  });

  it('of a credential is listed by part, in the order of names', () => {
    const parts = { username: new Secret('me-myself'), password: secret };
    expect(Object.entries(fingerprints(parts))).toEqual([
      ['password', secret.fingerprint()],
      ['username', parts.username.fingerprint()],
    ]);
  });
});

describe('secrets', () => {
  it('are equal when their values are', () => {
    expect(secret.equals(new Secret(value))).toBe(true);
    expect(secret.equals(new Secret(`${value}x`))).toBe(false);
    expect(secret.equals(new Secret(value.toUpperCase()))).toBe(false);
  });

  it('are never empty', () => {
    expect(() => new Secret('')).toThrow(TypeError);
  });

  it('are measured in UTF-8 bytes', () => {
    expect(new Secret('é🔑a').byteLength()).toBe(7);
  });

  it('of two credentials are the same when names and values are', () => {
    const other = new Secret(randomBytes(6).toString('hex'));
    expect(sameFields({ a: secret, b: other }, { b: other, a: new Secret(value) })).toBe(true);
    expect(sameFields({ a: secret }, { a: secret, b: other })).toBe(false);
    expect(sameFields({ a: secret }, { b: secret })).toBe(false);
    expect(sameFields({ a: secret }, { a: other })).toBe(false);
  });
});
