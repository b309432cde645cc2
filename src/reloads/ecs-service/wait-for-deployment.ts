import { RotationError } from '../../core/errors/rotation-error.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import type { TimeLimit } from '../../lib/reload/time-limit.ts';
import { type Deployment, type Progress, progressOf } from './deployment.ts';
import type { EcsApi } from './ecs-api.ts';

const ACTION = 'wait for the new deployment';

/**
 * Looks until only the tasks of our deployment, or of a later one, are left.
 * @throws RotationError CHECK_FAILED when it failed, or is not done in time; ABORTED; what is no passing trouble
 */
export async function waitForDeployment(
  api: EcsApi,
  { ours, earlier }: { readonly ours: string; readonly earlier: ReadonlySet<string> },
  limit: TimeLimit,
  { subject, interval }: { readonly subject: string; readonly interval: string },
): Promise<{ readonly deployment: Deployment; readonly looks: number }> {
  const look = async (signal: AbortSignal): Promise<Progress> => {
    const { deployments, events } = await api.describe(signal);
    return progressOf(deployments, ours, earlier, events);
  };
  const { seen, looks } = await lookUntil(look, limit, {
    subject,
    action: ACTION,
    interval,
    isUp: (progress) => {
      if (progress.state === 'failed') throw failure(subject, progress.summary);
      return progress.state === 'done';
    },
    tell: (progress) => (progress.state === 'done' ? 'it is done' : progress.summary),
    hint: () => 'Look at the events of the service.',
  });
  // `isUp` has seen to it; the compiler does not know.
  if (seen.state !== 'done') throw failure(subject, seen.summary);
  return { deployment: seen.deployment, looks };
}

function failure(subject: string, reason: string): RotationError {
  return new RotationError('CHECK_FAILED', {
    subject,
    action: ACTION,
    reason,
    hint: 'Look at the stopped tasks and the events of the service: with the new key they may not start.',
  });
}
