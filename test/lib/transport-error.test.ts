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

/** As Node says it of a name with several addresses: no words, and the code of the first. */
function eachAddress(...failures: readonly (readonly [code: string, address: string])[]): Error {
  const errors = failures.map(([code, address]) =>
    Object.assign(new Error(`connect ${code} ${address}`), { code, syscall: 'connect' }),
  );
  return Object.assign(new AggregateError(errors), { code: failures[0]?.[0] });
}

test('of several addresses each one’s failure is told: one of them may have answered, by refusing', () => {
  const refused = eachAddress(['ECONNREFUSED', '::1:443'], ['ECONNREFUSED', '10.0.0.7:443']);
  expect(meaning(refused)).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(/: connect ECONNREFUSED ::1:443; connect ECONNREFUSED 10\.0\.0\.7:443/),
  });
});

test('a connection that was made to none of several addresses has carried nothing', () => {
  const late = eachAddress(['ETIMEDOUT', '::1:443'], ['ECONNREFUSED', '10.0.0.7:443']);
  expect(meaning(late).code).toBe('UNAVAILABLE');
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
