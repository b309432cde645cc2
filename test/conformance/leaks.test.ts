import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { plainValue } from '../../src/testing/sample-values.ts';

/** The search for plaintext is itself put to the test: a detector that finds nothing proves nothing. */
describe('the search for plaintext', () => {
  const value = plainValue();
  const hidden = Object.defineProperty(new Error('x'), 'request', {
    value: { body: value },
    enumerable: false,
  });

  it.each<[string, unknown]>([
    ['a message', new Error(`sent ${value}`)],
    ['a cause of a cause', new Error('a', { cause: new Error('b', { cause: new Error(value) }) })],
    ['a property that is not enumerable', hidden],
    ['a deep object', { a: { b: { c: { d: { e: [value] } } } } }],
    ['base64', { authorization: `Basic ${Buffer.from(value).toString('base64')}` }],
    ['a URL', `https://example.test/?key=${encodeURIComponent(value)}`],
    ['hexadecimal', Buffer.from(value).toString('hex')],
    ['bytes', { body: Buffer.from(value) }],
    ['one line of several', new Error(value)],
  ])('finds it in %s', (where, thing) => {
    const leaks = createLeakDetector();
    leaks.watch(where === 'one line of several' ? `first\n${value}\nlast` : value);
    expect(() => leaks.expectClean(thing)).toThrow();
  });

  it('does not take a Secret for a leak', () => {
    const leaks = createLeakDetector();
    leaks.expectClean({ pushed: new Secret(leaks.watch(value)) });
  });
});
