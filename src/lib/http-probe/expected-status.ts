import type { ExpectedStatus } from './probe-options.ts';

/** Whether a status is the number, in the class (`2xx`), or in the list. */
export function matchesStatus(expected: ExpectedStatus, status: number): boolean {
  if (typeof expected === 'number') return expected === status;
  if (typeof expected === 'string') return expected.charAt(0) === String(Math.floor(status / 100));
  return expected.some((each) => matchesStatus(each, status));
}

/** A status that meets, or does not meet, the expectation: what an emulator answers with. */
export function sampleStatus(expected: ExpectedStatus, met: boolean): number {
  const candidates = met ? [200, 204, 302, 400, 500, ...allStatuses()] : [401, 403, 500, ...allStatuses()];
  return candidates.find((status) => matchesStatus(expected, status) === met) ?? (met ? 200 : 401);
}

function allStatuses(): number[] {
  return Array.from({ length: 400 }, (_, index) => index + 200);
}
