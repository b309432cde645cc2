import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { JenkinsClient } from '../../lib/jenkins/jenkins-client.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import type { TimeLimit } from '../../lib/reload/time-limit.ts';
import { type Look, lookAtBuild } from './look-at-build.ts';
import type { QueuedBuild } from './trigger-build.ts';

/**
 * Looks until the build has succeeded.
 * @throws RotationError CHECK_FAILED when it has not, or not in time; ABORTED; what is no passing trouble of a look
 */
export async function waitForBuild(
  client: JenkinsClient,
  queued: QueuedBuild,
  limit: TimeLimit,
  interval: string,
): Promise<JsonObject> {
  const { jobName: job, jobPath, queueItem } = queued;
  const about = { subject: client.name, action: `wait for ${job}` };
  const urlOf = (build: number | undefined): string =>
    `${client.address}${build === undefined ? `/queue/item/${queueItem}/` : `${jobPath}/${build}/`}`;
  let number: number | undefined;
  const look = async (signal: AbortSignal): Promise<Look> => {
    const seen = await lookAtBuild(client, queued, number, signal);
    number = seen.build;
    return seen;
  };
  const { seen, looks } = await lookUntil(look, limit, {
    ...about,
    interval,
    isUp: ({ settled, result, build }) => {
      if (!settled || result === 'SUCCESS') return settled;
      throw new RotationError('CHECK_FAILED', {
        ...about,
        reason: `its build ended with ${result}`,
        hint: `Look at ${urlOf(build)}. Mend what it failed on, then run \`keyturn resume\`.`,
      });
    },
    tell: ({ summary }) => summary,
    hint: (last) => `Look at ${urlOf(last?.build)}.`,
  });
  return { job, queueItem, build: seen.build, result: seen.result, url: urlOf(seen.build), looks };
}
