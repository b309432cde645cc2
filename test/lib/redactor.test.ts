import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { createRedactor, redactor } from '../../src/lib/redactor.ts';

const MARK = '[redacted]';

function knowing(...values: readonly string[]) {
  const own = createRedactor();
  for (const value of values) own.learn(value);
  return own;
}

/** Any text, half surrogate pairs, quotes, line breaks and all; with six visible characters at least. */
const secret = fc
  .oneof(
    fc.string({ minLength: 6, maxLength: 60, unit: 'binary' }),
    fc.string({ minLength: 6, maxLength: 60, unit: 'grapheme' }),
    fc.string({ minLength: 6, maxLength: 60, unit: fc.constantFrom(...'aZ09+/=-_~!*\'()"\\ \n%&<>ü🔑') }),
    fc.base64String({ minLength: 8, maxLength: 60 }),
  )
  .filter((value) => value.trim().length >= 6);

/** What stands around a value; without a character that a secret of ours could begin with by chance. */
const around = fc.string({ maxLength: 12, unit: fc.constantFrom(...'.:,;#[]{}|') });

const utf8 = (value: string) => Buffer.from(value, 'utf8').toString('utf8');

const FORMS: Readonly<Record<string, (value: string) => string>> = {
  'as it is': (value) => value,
  'JSON-escaped': (value) => JSON.stringify(value).slice(1, -1),
  'JSON-escaped twice': (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3),
  'URL-encoded': (value) => encodeURIComponent(utf8(value)),
  'URL-encoded in lower case': (value) =>
    encodeURIComponent(utf8(value)).replace(/%../g, (code) => code.toLowerCase()),
  'form-encoded': (value) => new URLSearchParams({ k: utf8(value) }).toString().slice(2),
  'in hex': (value) => Buffer.from(value).toString('hex'),
};

describe('a secret of six characters or more never survives', () => {
  it.each(Object.keys(FORMS))('%s', (name) => {
    const form = FORMS[name] ?? String;
    fc.assert(
      fc.property(secret, around, around, (value, before, after) => {
        const text = `${before}${form(value)}${after}`;
        expect(knowing(value).redact(text)).not.toContain(form(value));
      }),
    );
  });

  it.each(['base64', 'base64url'] as const)('in %s, wherever it stands in the encoded text', (encoding) => {
    fc.assert(
      fc.property(
        secret,
        fc.uint8Array({ maxLength: 7 }),
        fc.uint8Array({ maxLength: 7 }),
        (value, before, after) => {
          const bytes = Buffer.from(value, 'utf8');
          const clean = knowing(value).redact(Buffer.concat([before, bytes, after]).toString(encoding));
          expect(clean).toContain(MARK);
          // What is left decides nothing about more than the two bytes at its edges.
          const left = clean.split(MARK).join('').length;
          expect(left).toBeLessThanOrEqual(Math.ceil(((before.length + after.length) * 8) / 6) + 6);
        },
      ),
    );
  });

  it('among other secrets, also when one is part of the other', () => {
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 6 }), around, (values, between) => {
        const nested = [...values, values.join('')];
        const clean = knowing(...nested).redact(nested.join(between));
        for (const value of nested.filter((one) => !MARK.includes(one))) expect(clean).not.toContain(value);
      }),
    );
  });

  it('line by line', () => {
    const lines = [1, 2, 3].map(() => randomBytes(30).toString('base64'));
    const own = knowing(`${lines.join('\n')}\n`);
    for (const line of lines) expect(own.redact(`> ${line} <`)).toBe(`> ${MARK} <`);
    expect(own.redact(inspect({ key: lines.join('\n') }))).not.toContain(lines[1]);
  });

  it('however long it is', () => {
    const value = randomBytes(200_000).toString('base64');
    const own = knowing(value, randomBytes(50_000).toString('hex'));
    expect(own.redact(`a ${value} b`)).toBe(`a ${MARK} b`);
    expect(own.redact('nothing here')).toBe('nothing here');
  });

  it('when the process makes a Secret of it', () => {
    const value = randomBytes(12).toString('hex');
    expect(redactor.redact(`before ${value}`)).toContain(value);
    new Secret(value);
    expect(redactor.redact(`after ${value}`)).toBe(`after ${MARK}`);
  });
});

describe('text without secrets', () => {
  it('is unchanged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 6, maxLength: 20, unit: fc.constantFrom(...'0123456789') }), {
          maxLength: 5,
        }),
        fc.string({ unit: fc.constantFrom(...'ghijklmnop GHIJK\n.,-é') }),
        (values, text) => {
          expect(knowing(...values).redact(text)).toBe(text);
        },
      ),
    );
  });

  it('keeps its words and its indentation when a value is short, blank or has blank lines', () => {
    const own = knowing('on', 'abcde', '        ', `${randomBytes(9).toString('hex')}\n          \n}\n`);
    const text = '{\n          "state": "on",\n          "x": "abcde"\n}\n';
    expect(own.redact(text)).toBe(text);
  });

  it('is unchanged when nothing is known', () => {
    expect(createRedactor().redact('anything at all')).toBe('anything at all');
  });
});

it('never throws, whatever it has learnt', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.string({ unit: 'binary' }), (values, text) => {
      expect(typeof knowing(...values).redact(text)).toBe('string');
    }),
  );
});
