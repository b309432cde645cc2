/** The closed list. Callers act on the code, never on the message. */
export const ERROR_CODES = [
  'CONFIG_INVALID',
  'REFUSED',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'CONFLICT',
  'LIMIT_REACHED',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'TIMEOUT',
  'CHECK_FAILED',
  'ABORTED',
  'INDETERMINATE',
  'LOCKED',
  'DRIFT',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
