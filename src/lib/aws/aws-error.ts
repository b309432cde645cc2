import type { ErrorCode } from '../../core/errors/codes.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import { transportError } from '../http/transport-error.ts';
import { quoted } from '../quoted.ts';
import { isStrangeAnswer } from './answer-guard.ts';
import { codeOf } from './error-codes.ts';

export interface AwsCall {
  /** The connection's name in the config, and the place. */
  readonly subject: string;
  readonly timeoutMs: number;
  /** Verb phrase: `read the secret`. */
  readonly action: string;
  /** `write`: a lost answer is INDETERMINATE. Calls that no reader can notice and that may be repeated are `read`. */
  readonly effect: 'read' | 'write';
  readonly signal: AbortSignal;
  /** What an error name means in this one call, where that differs from its usual meaning. */
  readonly codes?: Readonly<Record<string, ErrorCode>>;
}

/** What the SDK puts into an error for an answer that arrived; `$response` holds the request's traces and is never kept. */
interface Answered extends Error {
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly $fault?: string;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Made by the SDK before anything is sent. */
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError']);

/**
 * The SDK's error as ours. Nothing of it survives but its name and a line of its message: the rest carries the
 * request, and with it the secret.
 */
export function awsError(error: unknown, call: AwsCall): RotationError {
  const about = { subject: call.subject, action: call.action };
  if (isRotationError(error)) return error;
  if (isStrangeAnswer(error)) {
    const code = call.effect === 'write' && !error.redirected ? 'INDETERMINATE' : 'UNAVAILABLE';
    return new RotationError(code, { ...about, reason: error.message, hint: STRANGE_HINT });
  }
  if (isAnswered(error)) return answeredError(error, call);
  return (
    unsentError(error, about) ??
    transportError(error, { name: call.subject, timeoutMs: call.timeoutMs }, call, ranOutOfTime(error))
  );
}

/** The transport calls a broken connection a timeout as well, but leaves its code beside the name. */
function ranOutOfTime(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'TimeoutError') return false;
  return !('code' in error) || error.code === 'ETIMEDOUT';
}

const STRANGE_HINT = 'Check that `endpoint` is the service itself and not a proxy or a login page.';

function isAnswered(error: unknown): error is Answered {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  return (error as Answered).$metadata.httpStatusCode !== undefined;
}

function answeredError(error: Answered, call: AwsCall): RotationError {
  const status = error.$metadata.httpStatusCode;
  const understood = error.$fault !== undefined && isTheirs(error.name, status);
  const code = understood
    ? (call.codes?.[error.name] ?? codeOf(error.name, status, call.effect))
    : codeOf('', undefined, call.effect);
  return new RotationError(code, {
    subject: call.subject,
    action: call.action,
    reason: understood ? `${wordsOf(error)} (status ${status})` : `unexpected answer: status ${status}`,
    ...retryAfterOf(error),
  });
}

/** What the SDK calls an answer without the name of an error in it; `NotFound` is how it calls an empty 404. */
const NAMELESS = new Set(['Unknown', 'UnknownError', 'NotFound']);

/**
 * AWS names each of its errors. A status without a name is a gateway's, which knows nothing of a key or a version: its
 * 404 is no absent key, and its 503 no refusal. Too many requests are turned away by whoever counts them.
 */
function isTheirs(name: string, status: number | undefined): boolean {
  return status === 429 || !NAMELESS.has(name);
}

/** Messages of a validation quote what was sent; of a signature, they go on with the request's headers. */
function wordsOf(error: Answered): string {
  if (error.name === 'ValidationException' || error.name === 'ValidationError') return error.name;
  const [line = ''] = error.message.split('\n');
  return line === '' || line === error.name ? error.name : `${error.name}: ${quoted(line, 300)}`;
}

function retryAfterOf(error: Answered): { retryAfter?: number } {
  const seconds = Number(error.$response?.headers?.['retry-after'] ?? Number.NaN);
  if (Number.isFinite(seconds)) return { retryAfter: Math.max(0, seconds) };
  const milliseconds = Number(error.$response?.headers?.['x-amz-retry-after'] ?? Number.NaN);
  return Number.isFinite(milliseconds) ? { retryAfter: Math.max(0, milliseconds / 1000) } : {};
}

/** Failures on our side, for which nothing has left this machine. */
function unsentError(error: unknown, about: { subject: string; action: string }): RotationError | undefined {
  if (!(error instanceof Error)) return undefined;
  const [line = ''] = error.message.split('\n');
  const reason = quoted(line);
  if (NO_CREDENTIALS.has(error.name)) {
    return new RotationError('UNAUTHENTICATED', {
      ...about,
      reason: `no AWS credentials: ${reason}`,
      hint: 'Log in (`aws sso login`), name a `profile`, or give `accessKeyId` and `secretAccessKey` as references.',
    });
  }
  if (/^Region is missing/.test(error.message)) {
    return new RotationError('CONFIG_INVALID', {
      ...about,
      reason: 'no region is set',
      hint: 'Set `region` of this connection, or AWS_REGION.',
    });
  }
  if (error.name === 'EndpointError') return new RotationError('CONFIG_INVALID', { ...about, reason });
  if (error.name === 'TimeoutError' && error.message.includes('did not establish a connection')) {
    return new RotationError('TIMEOUT', { ...about, reason: 'no connection was made in time' });
  }
  return undefined;
}
