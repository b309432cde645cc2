import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { type PreflightQuestions, preflightFindings } from '../../src/lib/issuer/declared-preflight.ts';
import { keyIdIn, refuseDamaged } from '../../src/lib/issuer/key-material.ts';

const value = randomBytes(12).toString('hex');
const key = (text: string) => ({ value: new Secret(text) });

describe('a key that came in by hand', () => {
  it.each([
    ['spaces alone', '  ', 'is empty'],
    ['a line break behind it', `${value}\n`, 'has white space in front or behind'],
    ['a line break inside', `${value}\n${value}`, 'has white space inside'],
  ])('with %s is refused, and not repeated', (_what, text, reason) => {
    const attempt = () => refuseDamaged(key(text), ['value'], {}, 'issuer x');
    expect(attempt).toThrow(expect.objectContaining({ code: 'REFUSED' }));
    expect(attempt).toThrow(reason);
    expect(attempt).not.toThrow(value);
  });

  it('lacks a part that was asked for', () => {
    expect(() => refuseDamaged(key(value), ['value', 'name'], {}, 'issuer x')).toThrow(/part name is empty/);
  });

  it('is taken by its format where it has one, lines and all', () => {
    const pem = `-----BEGIN X-----\n${value}\n-----END X-----`;
    const format = '-----BEGIN X-----\\s[0-9a-f]+\\s-----END X-----';
    expect(() => refuseDamaged(key(pem), ['value'], { value: format }, 'issuer x')).not.toThrow();
    expect(() => refuseDamaged(key(value), ['value'], { value: format }, 'issuer x')).toThrow(
      /does not have its format/,
    );
    expect(() => refuseDamaged(key(value), ['value'], {}, 'issuer x')).not.toThrow();
  });
});

describe('the id of a key', () => {
  it('is a part of its own, or stands in one, or is not told', () => {
    const parts = { value: new Secret(`id7.${value}`), id: new Secret('seven-seven') };
    expect(keyIdIn(parts, { part: 'id' })).toBe('seven-seven');
    expect(keyIdIn(parts, { part: 'value', pattern: '^(id\\d)\\.' })).toBe('id7');
    expect(keyIdIn(parts, { part: 'value', pattern: '^(\\d+)$' })).toBeUndefined();
    expect(keyIdIn(parts, { part: 'name' })).toBeUndefined();
    expect(keyIdIn(parts, undefined)).toBeUndefined();
  });
});

describe('preflight of a declared issuer', () => {
  const fine: PreflightQuestions = {
    subject: 'issuer x',
    maxKeys: undefined,
    needsKeyId: true,
    validate: () => {},
    keyIdOf: () => 'id7',
    listKeys: undefined,
  };
  const listing = (count: number) => async () =>
    Array.from({ length: count }, (_, index) => ({ id: `k${index}`, active: true }) as never);
  const ask = (change: Partial<PreflightQuestions>) => preflightFindings(key(value), { ...fine, ...change });

  it('finds nothing wrong where nothing is, although little can be asked', async () => {
    expect(await ask({})).toEqual([]);
    expect(await ask({ listKeys: listing(9) })).toEqual([]);
    expect(await ask({ listKeys: listing(1), maxKeys: 2 })).toEqual([]);
  });

  it('tells everything at once: a damaged key, an id that is missing, a limit that is reached', async () => {
    const refuse = (): never => {
      throw new RotationError('REFUSED', { subject: 'issuer x', reason: 'damaged' });
    };
    const found = await ask({
      validate: refuse,
      keyIdOf: () => undefined,
      listKeys: listing(2),
      maxKeys: 2,
    });
    expect(found.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      'error REFUSED',
      'error NOT_FOUND',
      'error LIMIT_REACHED',
    ]);
  });

  it('tells a listing that is denied, but being asked to stop is no finding', async () => {
    const failing = (code: 'PERMISSION_DENIED' | 'ABORTED') => async (): Promise<never> => {
      throw new RotationError(code, { subject: 'issuer x' });
    };
    expect(await ask({ listKeys: failing('PERMISSION_DENIED') })).toMatchObject([
      { severity: 'error', code: 'PERMISSION_DENIED' },
    ]);
    await expect(ask({ listKeys: failing('ABORTED') })).rejects.toMatchObject({ code: 'ABORTED' });
    const defect = new TypeError('a defect');
    await expect(ask({ listKeys: () => Promise.reject(defect) })).rejects.toBe(defect);
  });
});
