import { RotationError } from '../../core/errors/rotation-error.ts';

/** Failures that happen before a request can have reached the other side. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ERR_INVALID_URL',
]);

interface Sent {
  readonly effect: 'read' | 'write';
  readonly action: string;
  readonly signal: AbortSignal;
}

/**
 * What a request without an answer means. Only the code and the message survive: an HTTP library's error object
 * carries the request, and with it the credentials.
 */
export function transportError(
  error: unknown,
  connection: { readonly name: string; readonly timeoutMs: number },
  request: Sent,
): RotationError {
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const base = { subject: connection.name, action: request.action };

  if (NEVER_SENT.has(code) || isTlsFailure(code)) {
    return new RotationError('UNAVAILABLE', { ...base, reason: message, ...tlsHint(code) });
  }
  const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT';
  const reason = timedOut
    ? `no answer within ${connection.timeoutMs} ms`
    : `${message}${code === '' ? '' : ` (${code})`}`;
  if (request.effect === 'write') return new RotationError('INDETERMINATE', { ...base, reason });
  if (request.signal.aborted) return new RotationError('ABORTED', { ...base, reason: 'asked to stop' });
  return new RotationError(timedOut ? 'TIMEOUT' : 'UNAVAILABLE', { ...base, reason });
}

function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

function isTlsFailure(code: string): boolean {
  return code.startsWith('ERR_TLS') || code.includes('CERT') || code.startsWith('UNABLE_TO_');
}

function tlsHint(code: string): { hint?: string } {
  if (!isTlsFailure(code)) return {};
  return {
    hint: 'The certificate is not trusted: give its authority with `ca`; verification is never switched off.',
  };
}
