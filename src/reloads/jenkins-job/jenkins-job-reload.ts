import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { type JenkinsClient, openJenkins } from '../../lib/jenkins/jenkins-client.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import { withClient } from '../../lib/reload/with-client.ts';
import type { JenkinsJobOptions } from './options.ts';
import { triggerBuild } from './trigger-build.ts';
import { waitForBuild } from './wait-for-build.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openJenkinsJobReload(options: JenkinsJobOptions, open: OpenContext): Promise<Reload> {
  const { name: subject, clock, timeoutMs } = open;
  const connect = (): Promise<JenkinsClient> => openJenkins(options, forRequests(open));
  // What cannot be used is said before anything is pushed.
  (await connect()).close();
  return {
    run: ({ service }, { signal }) =>
      withClient(connect, async (client) => {
        const limit = startTimeLimit(timeoutMs, { clock, signal, subject });
        const queued = await limit.within((within) => triggerBuild(client, options, service, within));
        return waitForBuild(client, queued, limit, options.interval);
      }),
  };
}
