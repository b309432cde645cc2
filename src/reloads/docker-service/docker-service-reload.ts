import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { type DockerClient, openDocker } from '../../lib/docker/docker-client.ts';
import { isJob, type Service } from '../../lib/docker/service.ts';
import { createServiceApi, type ServiceApi } from '../../lib/docker/service-api.ts';
import { forRequests } from '../../lib/reload/request-time.ts';
import { startTimeLimit } from '../../lib/reload/time-limit.ts';
import { withClient } from '../../lib/reload/with-client.ts';
import type { DockerServiceOptions } from './options.ts';
import { type Forced, waitForUpdate } from './wait-for-update.ts';

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openDockerServiceReload(
  options: DockerServiceOptions,
  ctx: OpenContext,
): Promise<Reload> {
  const { name: subject, clock, timeoutMs } = ctx;
  const connect = (): Promise<DockerClient> => openDocker(options, forRequests(ctx));
  // What cannot be used is said before anything is pushed.
  (await connect()).close();
  return {
    run: (_subject, { signal }) =>
      withClient(connect, async (client) => {
        const api = createServiceApi(client);
        const services = [];
        for (const name of options.services) services.push(await api.get(name, signal));
        for (const service of services) assertRuns(client, service);
        const limit = startTimeLimit(timeoutMs, { clock, signal, subject });
        const forced: Forced[] = [];
        for (const service of services)
          forced.push(await limit.within((within) => force(api, service, within)));
        const seen = [];
        for (const each of forced) seen.push(await waitForUpdate(client, api, each, limit, options.interval));
        return { services: seen };
      }),
  };
}

function assertRuns(client: DockerClient, service: Service): void {
  if (!isJob(service)) return;
  throw new RotationError('REFUSED', {
    subject: `${client.name}: service ${service.name}`,
    action: 'replace its tasks',
    reason: 'it is a job: an update would run it once more',
  });
}

async function force(api: ServiceApi, service: Service, signal: AbortSignal): Promise<Forced> {
  let count = 0;
  await api.update(
    service,
    ({ spec }) => {
      const { TaskTemplate } = spec;
      count = (TaskTemplate?.ForceUpdate ?? 0) + 1;
      return { ...spec, TaskTemplate: { ...TaskTemplate, ForceUpdate: count } };
    },
    'replace its tasks',
    signal,
  );
  return { service, count };
}
