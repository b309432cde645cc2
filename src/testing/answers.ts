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

/** What a store may make of what it meets at its wire. */
export interface WireAnswers {
  readonly onRead: readonly Answer[];
  /** The old value is still there each time. */
  readonly onWrite: readonly Answer[];
  readonly onCutWrite: readonly ErrorCode[];
}

const OVER_A_WIRE: WireAnswers = {
  onRead: ON_READ,
  onWrite: [
    ...REFUSALS,
    { status: 404, codes: ['NOT_FOUND'] },
    { status: 409, codes: ['CONFLICT', 'REFUSED'] },
    ...BROKEN_WRITE,
  ],
  onCutWrite: ['INDETERMINATE'],
};

const DENIED: Answer = { status: 403, codes: ['PERMISSION_DENIED'] };
const TOO_MANY: Answer = { status: 429, codes: ['UNAVAILABLE'] };

/** A disk knows nobody, and whoever writes can look whether a write that failed has changed anything. */
const ON_A_DISK: WireAnswers = {
  onRead: [
    DENIED,
    TOO_MANY,
    { status: 500, codes: ['UNAVAILABLE'] },
    { status: 503, codes: ['UNAVAILABLE'] },
  ],
  onWrite: [
    DENIED,
    TOO_MANY,
    { status: 404, codes: ['NOT_FOUND'] },
    { status: 413, codes: ['LIMIT_REACHED'] },
    { status: 500, codes: ['UNAVAILABLE', 'INDETERMINATE'] },
    { status: 503, codes: ['UNAVAILABLE', 'INDETERMINATE'] },
  ],
  onCutWrite: ['UNAVAILABLE', 'INDETERMINATE'],
};

export function wireAnswers(protocol: string | undefined): WireAnswers {
  return protocol === 'files' ? ON_A_DISK : OVER_A_WIRE;
}
