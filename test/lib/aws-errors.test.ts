import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { type AwsCall, awsError } from '../../src/lib/aws/aws-error.ts';
import { codeOf } from '../../src/lib/aws/error-codes.ts';

const call = (effect: 'read' | 'write', codes?: AwsCall['codes']): AwsCall => ({
  subject: 'aws-prod',
  timeoutMs: 1000,
  action: 'try',
  effect,
  signal: new AbortController().signal,
  ...(codes && { codes }),
});

/** As the SDK throws it. */
function answered(status: number, more: Record<string, unknown> = {}): Error {
  return Object.assign(new Error('no'), { $fault: 'client', $metadata: { httpStatusCode: status }, ...more });
}

describe('an error name that nobody has described goes by its status', () => {
  it.each<[number, ErrorCode, ErrorCode]>([
    [401, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
    [404, 'NOT_FOUND', 'NOT_FOUND'],
    [409, 'CONFLICT', 'CONFLICT'],
    [429, 'RATE_LIMITED', 'RATE_LIMITED'],
    [418, 'REFUSED', 'REFUSED'],
    [503, 'UNAVAILABLE', 'UNAVAILABLE'],
    // Something may have been done.
    [500, 'UNAVAILABLE', 'INDETERMINATE'],
    [200, 'UNAVAILABLE', 'INDETERMINATE'],
  ])('%i: %s for a question, %s for a write', (status, question, write) => {
    expect(codeOf('SomethingNewException', status, 'read')).toBe(question);
    expect(codeOf('SomethingNewException', status, 'write')).toBe(write);
  });

  it('and by what the one call says of it, where it says something', () => {
    const error = answered(400, { name: 'InvalidRequestException' });
    expect(awsError(error, call('write')).code).toBe('REFUSED');
    expect(awsError(error, call('write', { InvalidRequestException: 'CONFLICT' })).code).toBe('CONFLICT');
  });
});

describe('an answer that was not understood', () => {
  it('proves nothing after a write, whatever its status', () => {
    const error = Object.assign(new Error('Unexpected token <'), { $metadata: { httpStatusCode: 403 } });
    expect(awsError(error, call('write'))).toMatchObject({
      code: 'INDETERMINATE',
      message: expect.stringContaining('unexpected answer: status 403'),
    });
    expect(awsError(error, call('read')).code).toBe('UNAVAILABLE');
  });
});

describe('the words of AWS', () => {
  it.each([
    ['', 'Throttling (status 400)'],
    ['Throttling', 'Throttling (status 400)'],
    ['Rate exceeded', 'Throttling: Rate exceeded (status 400)'],
    ['x'.repeat(1000), `Throttling: ${'x'.repeat(300)} (status 400)`],
  ])('%j are repeated once and briefly', (message, words) => {
    const error = Object.assign(answered(400), { name: 'Throttling', message });
    expect(awsError(error, call('read')).context.reason).toBe(words);
  });

  it.each<[string, (message: string) => Error]>([
    ['of an answer', (message) => Object.assign(answered(400), { name: 'InvalidParameter', message })],
    ['of the login', (message) => Object.assign(new Error(message), { name: 'CredentialsProviderError' })],
  ])('%s do not quote half of a value that they repeat', (_of, errorFor) => {
    const value = new Secret(randomBytes(200).toString('hex')).reveal();
    const error = awsError(errorFor(`the value ${value} is not what we take`), call('write'));
    expect(error.message).not.toContain(value.slice(0, 16));
    expect(error.message).toContain('the value [redacted] is not what we take');
  });

  it.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': '-1' }, 0],
    [{ 'x-amz-retry-after': '1500' }, 1.5],
    [{ 'x-amz-retry-after': '-5' }, 0],
    [{ 'retry-after': 'tomorrow' }, undefined],
    [{}, undefined],
  ])('%j ask for so many seconds: %s', (headers, seconds) => {
    const error = answered(400, { name: 'Throttling', $response: { headers } });
    expect(awsError(error, call('read')).context.retryAfter).toBe(seconds);
  });
});

describe('what never left this machine', () => {
  const unsent = (name: string, message: string) => Object.assign(new Error(message), { name });

  it.each<[Error, ErrorCode, RegExp]>([
    [
      unsent('CredentialsProviderError', 'nothing in the chain\nat x'),
      'UNAUTHENTICATED',
      /no AWS credentials: nothing in the chain$/,
    ],
    [unsent('TokenProviderError', ''), 'UNAUTHENTICATED', /no AWS credentials: $/],
    [unsent('Error', 'Region is missing'), 'CONFIG_INVALID', /no region is set$/],
    [unsent('EndpointError', 'Invalid Configuration'), 'CONFIG_INVALID', /Invalid Configuration$/],
    [
      unsent('TimeoutError', 'Socket did not establish a connection with the server within 1000ms'),
      'TIMEOUT',
      /no connection was made in time$/,
    ],
  ])('%s is %s, also of a write', (error, code, reason) => {
    const told = awsError(error, call('write'));
    expect(told.code).toBe(code);
    expect(told.message).toMatch(reason);
  });
});

describe('what is no error of the SDK', () => {
  it('stays what it is where it is ours', () => {
    const ours = new RotationError('CONFIG_INVALID', { subject: 'env:KEY' });
    expect(awsError(ours, call('write'))).toBe(ours);
  });

  it.each(['a string', undefined, { message: 'no error' }])(
    'is never taken for a proof that nothing happened: %j',
    (thrown) => {
      expect(awsError(thrown, call('write')).code).toBe('INDETERMINATE');
      expect(awsError(thrown, call('read')).code).toBe('UNAVAILABLE');
    },
  );
});
