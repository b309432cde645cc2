import { RotationError } from '../../core/errors/rotation-error.ts';

/** The newest version of the API that this was written for. What is used of it has been there since 1.30. */
const OURS = '1.51';

/**
 * The newest version that both sides know, from `GET /version`: `{"ApiVersion","MinAPIVersion"}`.
 * @throws RotationError UNAVAILABLE, REFUSED
 */
export function commonVersion(told: unknown, subject: string): string {
  const { ApiVersion: theirs, MinAPIVersion: oldest } = (told ?? {}) as {
    ApiVersion?: unknown;
    MinAPIVersion?: unknown;
  };
  const about = { subject, action: 'agree on a version of the API' };
  if (typeof theirs !== 'string' || !/^\d+\.\d+$/.test(theirs))
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not that of a Docker engine' });
  if (typeof oldest === 'string' && isBelow(OURS, oldest)) {
    const reason = `the engine speaks ${oldest} and later, and keyturn ${OURS}`;
    throw new RotationError('REFUSED', { ...about, reason, hint: 'Use a newer keyturn.' });
  }
  return isBelow(theirs, OURS) ? theirs : OURS;
}

function isBelow(left: string, right: string): boolean {
  const [[a = 0, b = 0], [c = 0, d = 0]] = [left, right].map((each) => each.split('.').map(Number)) as [
    number[],
    number[],
  ];
  return a < c || (a === c && b < d);
}
