import { RotationError } from '../../core/errors/rotation-error.ts';
import { lookUntil, type Pace } from '../../lib/http-probe/look-until.ts';
import type { Run } from './run.ts';

interface Waiting extends Pace {
  readonly subject: string;
}

/**
 * Looks until there is a run and every one it sees has succeeded.
 * @throws RotationError CHECK_FAILED when one has not, or not in time; ABORTED; what is no passing trouble of a look
 */
export async function waitForRuns(
  look: () => Promise<readonly Run[]>,
  { subject, ...pace }: Waiting,
): Promise<{ readonly runs: readonly Run[]; readonly looks: number }> {
  const { seen, looks } = await lookUntil(look, pace, {
    isDone: (runs) => {
      const failed = runs.find((run) => run.status === 'completed' && run.conclusion !== 'success');
      if (failed !== undefined) throw failure(subject, failed);
      return runs.length > 0 && runs.every(({ status }) => status === 'completed');
    },
    tooSlow: (runs = [], trouble) => tooSlow(subject, pace.limitMs, runs, trouble),
  });
  return { runs: seen, looks };
}

function failure(subject: string, { conclusion, url }: Run): RotationError {
  return new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for the run of the workflow',
    reason: `it ended with ${conclusion ?? 'nothing'}: ${url}`,
    hint: 'Look at the run. A reload is safe to repeat.',
  });
}

function tooSlow(
  subject: string,
  limitMs: number,
  runs: readonly Run[],
  trouble: string | undefined,
): RotationError {
  const [open] = runs.filter(({ status }) => status !== 'completed');
  const seen =
    open === undefined ? (trouble ?? 'no run of it is to be seen') : `${open.url} is ${open.status}`;
  return new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for the run of the workflow',
    reason: `it was started, but has not succeeded within ${limitMs / 1000} s: ${seen}`,
    hint: 'Look at the run: it may wait for a runner or an approval. If it only needs longer, raise `timeout`.',
  });
}
