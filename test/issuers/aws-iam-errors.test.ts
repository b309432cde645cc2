import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { type AwsCall, awsError } from '../../src/lib/aws/aws-error.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { openRig, type Rig } from './aws-iam-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const call: AwsCall = {
  subject: 'aws-prod',
  timeoutMs: 1000,
  action: 'try',
  effect: 'write',
  signal: new AbortController().signal,
};

/** As the SDK throws it. */
function answered(name: string, status: number, message = 'no'): Error {
  const metadata = { $fault: 'client', $metadata: { httpStatusCode: status } };
  return Object.assign(new Error(message), { name, ...metadata });
}

const MEANINGS: readonly [string, number, ErrorCode][] = [
  ['ThrottlingException', 400, 'RATE_LIMITED'],
  ['Throttling', 400, 'RATE_LIMITED'],
  ['TooManyRequestsException', 400, 'RATE_LIMITED'],
  ['ExpiredTokenException', 400, 'UNAUTHENTICATED'],
  ['ExpiredToken', 403, 'UNAUTHENTICATED'],
  ['InvalidClientTokenId', 403, 'UNAUTHENTICATED'],
  ['SignatureDoesNotMatch', 403, 'UNAUTHENTICATED'],
  ['AccessDeniedException', 400, 'PERMISSION_DENIED'],
  ['AccessDenied', 403, 'PERMISSION_DENIED'],
  ['LimitExceededException', 409, 'LIMIT_REACHED'],
  ['NoSuchEntityException', 404, 'NOT_FOUND'],
  ['ResourceNotFoundException', 400, 'NOT_FOUND'],
  ['ConcurrentModificationException', 409, 'UNAVAILABLE'],
  ['EntityTemporarilyUnmodifiableException', 409, 'UNAVAILABLE'],
  ['ServiceFailureException', 500, 'INDETERMINATE'],
  ['InvalidInputException', 400, 'REFUSED'],
];

it.each(MEANINGS)('%s (%s) is %s', (name, status, code) => {
  expect(awsError(answered(name, status), call).code).toBe(code);
});

it('repeats neither the headers after a signature error nor a value that failed its validation', () => {
  const signature = answered(
    'SignatureDoesNotMatch',
    403,
    'It does not match.\n\nx-amz-security-token:private',
  );
  expect(awsError(signature, call).message).not.toContain('private');
  const validation = answered('ValidationException', 400, "Value 'private' failed to satisfy constraint");
  expect(awsError(validation, call).message).not.toContain('private');
});

it('keeps nothing of the SDK’s error, which holds the request', () => {
  const error = awsError(
    Object.assign(answered('AccessDenied', 403), { $response: { body: 'private' } }),
    call,
  );
  expect(error.cause).toBeUndefined();
});

it('tells a connection that was never made from an answer that never came', () => {
  const timeout = (message: string): Error => Object.assign(new Error(message), { name: 'TimeoutError' });
  const never = timeout('the request socket did not establish a connection with the server');
  expect(awsError(never, call).code).toBe('TIMEOUT');
  expect(awsError(timeout('the request socket timed out after 5 ms of inactivity'), call).code).toBe(
    'INDETERMINATE',
  );
  const missing = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
  expect(awsError(missing, call).code).toBe('UNAUTHENTICATED');
  expect(awsError(new Error('Region is missing'), call).code).toBe('CONFIG_INVALID');
});

it('does not take a login page for the end of a key', async () => {
  rig.emulator.inject?.({ kind: 'html', on: 'write' });
  await expect(rig.issuer.deactivateKey?.(rig.old, rig)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  rig.emulator.inject?.({ kind: 'html', on: 'write' });
  await expect(rig.issuer.deleteKey?.(rig.old, rig)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  expect(await rig.emulator.isLive(rig.old.credential)).toBe(true);
});

/** Pages of gateways are XML to a parser: without a name in them, the status is not the word of AWS. */
const PAGES: readonly [number, string][] = [
  [404, '<html><head><title>404 Not Found</title></head><body><hr/></body></html>'],
  [404, ''],
  [503, '<html><head><title>503 Service Temporarily Unavailable</title></head></html>'],
];

it.each(PAGES)('does not take the page of a gateway (%i %j) for the word of AWS', async (status, body) => {
  const gateway = await startLoopbackServer({
    isWrite: () => false,
    handle: () => ({ status, headers: { 'content-type': 'text/html' }, body }),
  });
  const issuer = await rig.open({ endpoint: gateway.url });
  try {
    const key = { id: rig.old.id };
    await expect(issuer.deleteKey?.(key, rig)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    await expect(issuer.createKey('any', rig)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    await expect(issuer.listKeys?.(rig)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  } finally {
    await gateway.stop();
  }
});

const listed = (members: string, rest = ''): string =>
  `<ListAccessKeysResponse><ListAccessKeysResult>${members}${rest}</ListAccessKeysResult></ListAccessKeysResponse>`;

it.each([
  ['no list', listed('<IsTruncated>false</IsTruncated>')],
  ['nothing', ''],
  [
    'a key without an id',
    listed('<AccessKeyMetadata><member><Status>Active</Status></member></AccessKeyMetadata>'),
  ],
  ['half a list and no way on', listed('<AccessKeyMetadata/>', '<IsTruncated>true</IsTruncated>')],
])(
  'does not take an answer with %s for all keys there are: an orphan would not be seen',
  async (_what, body) => {
    const odd = await startLoopbackServer({
      isWrite: () => false,
      handle: () => ({
        status: 200,
        headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'r1' },
        body,
      }),
    });
    const issuer = await rig.open({ endpoint: odd.url });
    try {
      await expect(issuer.listKeys?.(rig)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    } finally {
      await odd.stop();
    }
  },
);

it('takes an empty list for one', async () => {
  await rig.issuer.deleteKey?.({ id: rig.old.id }, rig);
  expect(await rig.issuer.listKeys?.(rig)).toEqual([]);
});

it('asks again after being turned away by whoever counts requests', () => {
  expect(awsError(answered('Unknown', 429), call).code).toBe('RATE_LIMITED');
});

it('asks once, whatever happens: retries are not the SDK’s', async () => {
  const before = rig.emulator.server.requests.length;
  rig.emulator.inject?.({ kind: 'status', status: 500, on: 'write', times: 5 });
  await expect(rig.issuer.createKey('any', rig)).rejects.toMatchObject({ code: 'INDETERMINATE' });
  expect(rig.emulator.server.requests.length).toBe(before + 1);
});
