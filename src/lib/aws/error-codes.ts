import type { ErrorCode } from '../../core/errors/codes.ts';

/**
 * Error names of AWS, without a closing `Exception` (the same failure has it in one protocol and not in the other).
 * The name decides and not the status: the same name comes with different statuses from different services.
 */
const BY_NAME: Readonly<Record<string, ErrorCode>> = {
  UnrecognizedClient: 'UNAUTHENTICATED',
  InvalidClientTokenId: 'UNAUTHENTICATED',
  InvalidAccessKeyId: 'UNAUTHENTICATED',
  InvalidSignature: 'UNAUTHENTICATED',
  SignatureDoesNotMatch: 'UNAUTHENTICATED',
  IncompleteSignature: 'UNAUTHENTICATED',
  MissingAuthenticationToken: 'UNAUTHENTICATED',
  ExpiredToken: 'UNAUTHENTICATED',
  RequestExpired: 'UNAUTHENTICATED',
  AuthFailure: 'UNAUTHENTICATED',
  AccessDenied: 'PERMISSION_DENIED',
  UnauthorizedOperation: 'PERMISSION_DENIED',
  Throttling: 'RATE_LIMITED',
  Throttled: 'RATE_LIMITED',
  RequestThrottled: 'RATE_LIMITED',
  TooManyRequests: 'RATE_LIMITED',
  RequestLimitExceeded: 'RATE_LIMITED',
  LimitExceeded: 'LIMIT_REACHED',
  ResourceNotFound: 'NOT_FOUND',
  NoSuchEntity: 'NOT_FOUND',
  ResourceExists: 'CONFLICT',
  // Both say "somebody is at it, come back": nothing was done.
  EntityTemporarilyUnmodifiable: 'UNAVAILABLE',
  ConcurrentModification: 'UNAVAILABLE',
};

export function codeOf(name: string, status: number | undefined, effect: 'read' | 'write'): ErrorCode {
  return BY_NAME[name.replace(/Exception$/, '')] ?? codeOfStatus(status, effect);
}

/** For names that are not in the list, and answers without one. A 5xx after a write proves nothing, but 503 is a refusal. */
function codeOfStatus(status: number | undefined, effect: 'read' | 'write'): ErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'PERMISSION_DENIED';
  if (status === 404) return 'NOT_FOUND';
  if (status === 409) return 'CONFLICT';
  if (status === 429) return 'RATE_LIMITED';
  if (status === 503) return 'UNAVAILABLE';
  if (status !== undefined && status >= 400 && status < 500) return 'REFUSED';
  return effect === 'write' ? 'INDETERMINATE' : 'UNAVAILABLE';
}
