import { RotationError } from '../../core/errors/rotation-error.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import type { TimeLimit } from '../../lib/reload/time-limit.ts';
import type { Run } from './run.ts';

const ACTION = 'wait for the run of the workflow';

/**
 * Looks until there is a run and every one it sees has succeeded.
 * @throws RotationError CHECK_FAILED when one has not, or not in time; ABORTED; what is no passing trouble of a look
 */
export async function waitForRuns(
  look: (signal: AbortSignal) => Promise<readonly Run[]>,
  limit: TimeLimit,
  { subject, interval }: { readonly subject: string; readonly interval: string },
): Promise<{ readonly runs: readonly Run[]; readonly looks: number }> {
  const { seen, looks } = await lookUntil(look, limit, {
    subject,
    action: ACTION,
    interval,
    isUp: (runs) => {
      const failed = runs.find((run) => run.status === 'completed' && run.conclusion !== 'success');
      if (failed !== undefined) throw failure(subject, failed);
      return runs.length > 0 && runs.every(({ status }) => status === 'completed');
    },
    tell: (runs) => {
      const open = runs.find(({ status }) => status !== 'completed');
      return open === undefined ? 'no run of it is to be seen' : `${open.url} is ${open.status}`;
    },
    hint: () => 'Look at the run: it may wait for a runner or an approval.',
  });
  return { runs: seen, looks };
}

function failure(subject: string, { conclusion, url }: Run): RotationError {
  return new RotationError('CHECK_FAILED', {
    subject,
    action: ACTION,
    reason: `it ended with ${conclusion ?? 'nothing'}: ${url}`,
    hint: 'Look at the run. A reload is safe to repeat.',
  });
}
