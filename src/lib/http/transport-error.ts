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

/** Steps that come before the first byte: whatever goes wrong in them, nothing was asked of the other side. */
const BEFORE_SENDING = new Set(['connect', 'getaddrinfo']);

const CUT_DURING_HANDSHAKE = 'before secure TLS connection was established';

/** Certificate trouble that OpenSSL names without the word. */
const UNTRUSTED = new Set(['INVALID_CA', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED', 'HOSTNAME_MISMATCH']);

/** What OpenSSL says when two sides cannot agree to talk at all. */
const NO_HANDSHAKE =
  /wrong version number|packet length too long|http request|unsupported protocol|protocol version|handshake failure/;

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
  timedOut: boolean,
): RotationError {
  const { code, message, syscall } = wordsOf(error);
  const base = { subject: connection.name, action: request.action };

  if (code === 'ERR_BAD_REQUEST' && message.includes('maxBodyLength')) {
    return new RotationError('LIMIT_REACHED', { ...base, reason: 'the request is too large to be sent' });
  }
  const untrusted = isUntrusted(code);
  const noHandshake = NO_HANDSHAKE.test(message) || message.includes(CUT_DURING_HANDSHAKE);
  if (NEVER_SENT.has(code) || BEFORE_SENDING.has(syscall) || untrusted || noHandshake) {
    const reason = message === '' ? code : message;
    return new RotationError('UNAVAILABLE', {
      ...base,
      reason,
      ...tlsHint(untrusted, NO_HANDSHAKE.test(message)),
    });
  }
  const stopped = !timedOut && request.signal.aborted;
  const reason = reasonOf({ timedOut, stopped, timeoutMs: connection.timeoutMs, code, message });
  if (request.effect === 'write') return new RotationError('INDETERMINATE', { ...base, reason });
  if (timedOut) return new RotationError('TIMEOUT', { ...base, reason });
  return new RotationError(stopped ? 'ABORTED' : 'UNAVAILABLE', { ...base, reason });
}

function reasonOf(end: {
  readonly timedOut: boolean;
  readonly stopped: boolean;
  readonly timeoutMs: number;
  readonly code: string;
  readonly message: string;
}): string {
  if (end.timedOut) return `no answer within ${end.timeoutMs} ms`;
  if (end.stopped) return 'asked to stop before the answer came';
  return end.code === '' ? end.message : `${end.message} (${end.code})`;
}

function wordsOf(error: unknown): { code: string; message: string; syscall: string } {
  const cause = error instanceof Error ? error.cause : undefined;
  // Node tries every address of a name; that none would have us is an error without words, of one error for each.
  const attempts = error instanceof AggregateError && error.message === '' ? (error.errors as unknown[]) : [];
  return {
    code: textOf(error, 'code'),
    message: attempts.length > 0 ? attempts.map(messageOf).join('; ') : messageOf(error),
    syscall: textOf(error, 'syscall') || textOf(cause, 'syscall') || textOf(attempts[0], 'syscall'),
  };
}

function messageOf(error: unknown): string {
  return readable(error instanceof Error ? error.message : String(error));
}

function textOf(thing: unknown, name: string): string {
  if (typeof thing !== 'object' || thing === null) return '';
  const value = (thing as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : '';
}

/** OpenSSL's `write EPROTO 80…:error:0A…:SSL routines:function:the reason:file.c:350:` is only its reason. */
function readable(message: string): string {
  const reason = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
  return reason === undefined ? message : `TLS: ${reason}`;
}

function isUntrusted(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.includes('CERT') ||
    code.startsWith('UNABLE_TO_') ||
    UNTRUSTED.has(code)
  );
}

function tlsHint(untrusted: boolean, noHandshake: boolean): { hint?: string } {
  if (noHandshake)
    return { hint: 'The other side does not speak TLS as we do: check scheme and port of `address`.' };
  if (!untrusted) return {};
  return {
    hint: 'The certificate is not trusted: give its authority with `ca`; verification is never switched off.',
  };
}
