import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Reload } from '../../core/plugins/reload.ts';
import { type DockerClient, openDocker } from '../../lib/docker/docker-client.ts';
import type { Service } from '../../lib/docker/service.ts';
import { createServiceApi, type ServiceApi } from '../../lib/docker/service-api.ts';
import { keepAsking } from '../../lib/http-probe/keep-asking.ts';
import type { DockerServiceOptions } from './options.ts';
import { type Task, type UpdateState, updateState } from './update-state.ts';

interface Forced {
  readonly service: Service;
  /** What `ForceUpdate` was counted up to. */
  readonly count: number;
}

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openDockerServiceReload(
  options: DockerServiceOptions,
  ctx: OpenContext,
): Promise<Reload> {
  // Resolved at once, so that what cannot be used is said before anything is pushed.
  (await openDocker(options, ctx)).close();
  return {
    run: async (_subject, { signal }) => {
      // A reload has no end of its own, so each run has its connection.
      const client = await openDocker(options, ctx);
      try {
        const api = createServiceApi(client);
        const services = [];
        for (const name of options.services) services.push(await api.get(name, signal));
        for (const service of services) assertRuns(client, service);
        const forced: Forced[] = [];
        for (const service of services) forced.push(await force(api, service, signal));
        const seen = [];
        for (const each of forced) seen.push(await waitFor(client, api, each, { options, ctx, signal }));
        return { services: seen };
      } finally {
        client.close();
      }
    },
  };
}

function assertRuns(client: DockerClient, { name, spec }: Service): void {
  if (spec.Mode?.['ReplicatedJob'] === undefined && spec.Mode?.['GlobalJob'] === undefined) return;
  throw new RotationError('REFUSED', {
    subject: `${client.name}: service ${name}`,
    action: 'replace its tasks',
    reason: 'it is a job: an update would run it once more',
  });
}

async function force(api: ServiceApi, service: Service, signal: AbortSignal): Promise<Forced> {
  let count = 0;
  await api.update(
    service,
    ({ spec }) => {
      const { TaskTemplate = {} } = spec;
      count = (TaskTemplate.ForceUpdate ?? 0) + 1;
      return { ...spec, TaskTemplate: { ...TaskTemplate, ForceUpdate: count } };
    },
    'replace its tasks',
    signal,
  );
  return { service, count };
}

type Look = UpdateState & { readonly settled: boolean; readonly retryAfter?: number | undefined };

/** @throws RotationError CHECK_FAILED when the update does not complete; ABORTED */
async function waitFor(
  client: DockerClient,
  api: ServiceApi,
  { service, count }: Forced,
  how: {
    readonly options: DockerServiceOptions;
    readonly ctx: OpenContext;
    readonly signal: AbortSignal;
  },
): Promise<string> {
  const { signal } = how;
  const subject = `${client.name}: service ${service.name}`;
  const pace = { clock: how.ctx.clock, signal, subject };
  const { reply, attempts } = await keepAsking(how.options, pace, async (): Promise<Look> => {
    try {
      const now = await api.get(service.id, signal);
      const state = updateState(now, await tasksToBe(client, service, signal), count);
      return { ...state, settled: state.state !== 'updating' };
    } catch (error) {
      // An engine that is away for a moment says nothing about the tasks.
      if (!isRotationError(error) || !error.retryable) throw error;
      const { retryAfter } = error.context;
      return { state: 'updating', seen: error.context.reason ?? '', settled: false, retryAfter };
    }
  });
  if (reply.state === 'up') return `${service.name}: ${reply.seen}`;
  throw new RotationError('CHECK_FAILED', {
    subject,
    action: 'wait for its new tasks',
    reason:
      reply.state === 'failed'
        ? reply.seen
        : `it is not up after ${attempts} looks: ${reply.seen.slice(0, 200)}`,
    hint: `Look at its tasks (\`docker service ps --no-trunc ${service.name}\`). If they only need longer, raise \`attempts\`.`,
  });
}

/** Also those that wait for their turn: between two tries of one that crashes there is no other. */
async function tasksToBe(
  client: DockerClient,
  { id, name }: Service,
  signal: AbortSignal,
): Promise<readonly Task[]> {
  const filters = encodeURIComponent(
    JSON.stringify({ service: [id], 'desired-state': ['running', 'ready'] }),
  );
  const told = await client.ask(
    {
      method: 'GET',
      path: `/tasks?filters=${filters}`,
      subject: `${client.name}: service ${name}`,
      action: 'look at its tasks',
      effect: 'read',
    },
    signal,
  );
  return Array.isArray(told) ? (told as Task[]) : [];
}
