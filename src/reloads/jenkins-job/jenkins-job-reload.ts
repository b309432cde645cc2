import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import { type JenkinsClient, openJenkins } from '../../lib/jenkins/jenkins-client.ts';
import { type Look, lookAtBuild } from './look-at-build.ts';
import type { JenkinsJobOptions } from './options.ts';
import { type QueuedBuild, triggerBuild } from './trigger-build.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openJenkinsJobReload(options: JenkinsJobOptions, open: OpenContext): Promise<Reload> {
  const client = await openJenkins(options, open);
  return {
    run: async ({ service }, { signal }) => {
      const queued = await triggerBuild(client, options, service, signal);
      return waitFor(client, queued, options, { clock: open.clock, signal, subject: open.name });
    },
  };
}

async function waitFor(
  client: JenkinsClient,
  queued: QueuedBuild,
  limits: Pick<JenkinsJobOptions, 'attempts' | 'interval'>,
  pace: Parameters<typeof keepAsking>[1],
): Promise<JsonObject> {
  const { jobName: job, jobPath, queueItem } = queued;
  let number: number | undefined;
  const { reply, attempts } = await keepAsking(limits, pace, async (): Promise<Look> => {
    const look = await lookAtBuild(client, queued, number, pace.signal);
    number = look.build;
    return look;
  });
  const url = number === undefined ? undefined : `${client.address}${jobPath}/${number}/`;
  if (reply.result === 'SUCCESS') return { job, queueItem, build: number, result: reply.result, url };

  const where = url ?? `${client.address}/queue/item/${queueItem}/`;
  throw new RotationError('CHECK_FAILED', {
    subject: client.name,
    action: `wait for ${job}`,
    reason: reply.settled
      ? `its build ended with ${reply.result}`
      : `it is not done after ${attempts} looks: ${reply.summary}`,
    hint: reply.settled
      ? `Look at ${where}. Mend what it failed on, then run \`keyturn resume\`.`
      : `Look at ${where}. If it only needs longer, raise \`attempts\` or \`interval\`.`,
  });
}
