import type { ErrorCode } from '../core/errors/codes.ts';

/** A status, and what a plug-in may make of it. */
export interface Answer {
  readonly status: number;
  readonly codes: readonly ErrorCode[];
}

export const REFUSALS: readonly Answer[] = [
  { status: 401, codes: ['UNAUTHENTICATED'] },
  // Some systems answer 403 to a dead credential as well.
  { status: 403, codes: ['PERMISSION_DENIED', 'UNAUTHENTICATED'] },
];

export const ON_READ: readonly Answer[] = [
  ...REFUSALS,
  { status: 500, codes: ['UNAVAILABLE'] },
  { status: 503, codes: ['UNAVAILABLE'] },
];

/** It may have broken after the write was done. */
export const BROKEN_WRITE: readonly Answer[] = [
  { status: 500, codes: ['INDETERMINATE'] },
  { status: 503, codes: ['UNAVAILABLE', 'INDETERMINATE'] },
];
