import type { Clock } from '../../core/clock.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Finding } from '../../core/finding.ts';
import type { Variable } from './variable.ts';
import type { VariableApi } from './variable-api.ts';
import type { Numbers } from './versions.ts';

/** A read-only replica that services read from; it is seconds behind its leader. */
export interface Follower {
  readonly address: string;
  readonly api: VariableApi;
}

const LOOK_EVERY_MS = 1000;
const LOOKS = 30;

/** Followers that do not show the leader's versions now. */
export async function followerFindings(
  followers: readonly Follower[],
  subject: string,
  variable: Variable,
  highest: number,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { address, api } of followers) {
    const seen = await api.describe(variable.id, signal).catch((error: unknown) => {
      if (!isRotationError(error) || error.code === 'ABORTED') throw error;
      findings.push({
        severity: 'warning',
        code: error.code,
        subject,
        message: `follower ${address}: ${error.message}`,
      });
      return 'unknown' as const;
    });
    if (seen === 'unknown' || (seen?.highest ?? 0) >= highest) continue;
    const message = `follower ${address} shows version ${seen?.highest ?? 'none'}, its leader ${highest}`;
    findings.push({ severity: 'warning', code: 'UNAVAILABLE', subject, message });
  }
  return findings;
}

/**
 * Waits until followers show what was pushed, so that services are not reloaded into the old value. Gives the
 * addresses that are still behind after half a minute: the push itself has happened and cannot fail here.
 */
export async function followersBehind(
  followers: readonly Follower[],
  variables: readonly Variable[],
  numbers: Numbers,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const behind = await Promise.all(
    followers.map(async ({ address, api }) =>
      (await catchesUp(api, variables, numbers, clock, signal)) ? undefined : address,
    ),
  );
  return behind.filter((address) => address !== undefined);
}

async function catchesUp(
  api: VariableApi,
  variables: readonly Variable[],
  numbers: Numbers,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    for (let look = 1; look <= LOOKS; look += 1) {
      const seen = await Promise.all(variables.map(({ id }) => api.describe(id, signal)));
      const current = variables.every(
        ({ field }, index) => (seen[index]?.highest ?? 0) >= (numbers.get(field) ?? 0),
      );
      if (current) return true;
      if (look < LOOKS) await clock.sleep(LOOK_EVERY_MS, signal);
    }
    return false;
  } catch {
    return false;
  }
}
