import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import type { TimeLimit } from '../../lib/reload/time-limit.ts';
import { type Look, lookAtRun } from './look-at-run.ts';
import type { PipelineApi, Run } from './pipeline-api.ts';

/**
 * Looks until the pipeline, or the job of it, has succeeded.
 * @throws RotationError CHECK_FAILED when it has not, or not in time; ABORTED; what is no passing trouble of a look
 */
export async function waitForRun(
  api: PipelineApi,
  { pipeline, job }: { readonly pipeline: Run; readonly job: string | undefined },
  limit: TimeLimit,
  { subject, interval }: { readonly subject: string; readonly interval: string },
): Promise<JsonObject> {
  const action = `wait for pipeline ${pipeline.id}`;
  const placeOf = (look: Look | undefined): string => look?.run?.url ?? pipeline.url;
  const { seen, looks } = await lookUntil((signal) => lookAtRun(api, pipeline.id, job, signal), limit, {
    subject,
    action,
    interval,
    isUp: (look) => {
      if (!look.settled || look.run?.status === 'success') return look.settled;
      const where = placeOf(look);
      const reason = `${look.summary}: ${where}`;
      throw new RotationError('CHECK_FAILED', { subject, action, reason, hint: hintFor(look, where) });
    },
    tell: ({ summary }) => summary,
    hint: (look) => `Look at ${placeOf(look)}.`,
  });
  return { pipeline: pipeline.id, url: placeOf(seen), looks, ...(job === undefined ? {} : { job }) };
}

function hintFor({ run }: Look, where: string): string {
  if (run?.status === 'manual')
    return 'Let the job run by itself, or name it with `job`: keyturn then starts it.';
  return `Look at ${where}. Mend what it failed on, then run \`keyturn resume\`.`;
}
