import { RotationError } from '../../core/errors/rotation-error.ts';
import type { DockerClient } from '../../lib/docker/docker-client.ts';
import type { Service } from '../../lib/docker/service.ts';
import type { ServiceApi } from '../../lib/docker/service-api.ts';
import { lookUntil } from '../../lib/reload/look-until.ts';
import type { TimeLimit } from '../../lib/reload/time-limit.ts';
import { type Task, type UpdateState, updateState } from './update-state.ts';

export interface Forced {
  readonly service: Service;
  /** What `ForceUpdate` was counted up to. */
  readonly count: number;
}

/** @throws RotationError CHECK_FAILED when the update does not complete; ABORTED */
export async function waitForUpdate(
  client: DockerClient,
  api: ServiceApi,
  { service, count }: Forced,
  limit: TimeLimit,
  interval: string,
): Promise<string> {
  const about = { subject: `${client.name}: service ${service.name}`, action: 'wait for its new tasks' };
  const hint = `Look at its tasks (\`docker service ps --no-trunc ${service.name}\`).`;
  const look = async (signal: AbortSignal): Promise<UpdateState> => {
    const now = await api.get(service.id, signal);
    return updateState(now, await tasksToBe(client, service, signal), count);
  };
  const { seen: up } = await lookUntil(look, limit, {
    ...about,
    interval,
    isUp: ({ state, seen }) => {
      if (state === 'failed') throw new RotationError('CHECK_FAILED', { ...about, reason: seen, hint });
      return state === 'up';
    },
    tell: ({ seen }) => seen,
    hint: () => hint,
  });
  return `${service.name}: ${up.seen}`;
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
  return Array.isArray(told) ? told.filter((task: Task | null) => task !== null) : [];
}
