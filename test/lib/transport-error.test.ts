import { expect, test } from 'vitest';
import { transportError } from '../../src/lib/http/transport-error.ts';

const CONNECTION = { name: 'thing-prod', timeoutMs: 1000 };

function meaning(error: unknown, effect: 'read' | 'write' = 'write') {
  const request = { effect, action: 'look at the thing', signal: new AbortController().signal };
  return transportError(error, CONNECTION, request, false);
}

test('every address of a name refused: the code stands for the words it lacks', () => {
  const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
  expect(meaning(refused)).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/: ECONNREFUSED$/),
  });
});

test('a failure whose cause is that no connection was made never reached the other side', () => {
  const cause = Object.assign(new Error('connect'), { syscall: 'connect' });
  expect(meaning(new Error('failed', { cause })).code).toBe('UNAVAILABLE');
});

test.each([['a word'], [undefined], [null], [7]])(
  '%j thrown in place of an error proves nothing',
  (thrown) => {
    expect(meaning(thrown).code).toBe('INDETERMINATE');
    expect(meaning(thrown, 'read')).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(String(thrown)),
    });
  },
);

test('a code that is no text is left out', () => {
  expect(meaning(Object.assign(new Error('odd'), { code: 5 })).message).toMatch(/: odd$/);
});
