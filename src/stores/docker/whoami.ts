import { RotationError } from '../../core/errors/rotation-error.ts';
import type { StoreIdentity } from '../../core/plugins/store.ts';
import type { DockerClient } from '../../lib/docker/docker-client.ts';

interface SwarmFacts {
  readonly node: string;
  /** Id of the swarm; undefined outside one, and for its workers. */
  readonly swarm: string | undefined;
  readonly manager: boolean;
}

/** From `GET /info`. @throws RotationError */
export async function askSwarm(client: DockerClient, signal: AbortSignal): Promise<SwarmFacts> {
  const about = { subject: client.name, action: 'ask where we are', effect: 'read' } as const;
  const told = await client.ask({ ...about, method: 'GET', path: '/info' }, signal);
  const { Name, Swarm } = (told ?? {}) as {
    Name?: unknown;
    Swarm?: { LocalNodeState?: unknown; ControlAvailable?: unknown; Cluster?: { ID?: unknown } | null };
  };
  if (typeof Name !== 'string' || Name === '')
    throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer names no engine' });
  const id = Swarm?.Cluster?.ID;
  return {
    node: Name,
    swarm: typeof id === 'string' && id !== '' ? id : undefined,
    manager: Swarm?.LocalNodeState === 'active' && Swarm.ControlAvailable === true,
  };
}

export async function askWhoami(client: DockerClient, signal: AbortSignal): Promise<StoreIdentity> {
  const { node, swarm } = await askSwarm(client, signal);
  const { address } = client;
  return {
    display: `${node} at ${address}${swarm === undefined ? ', in no swarm' : `, swarm ${swarm}`}`,
    attributes: { node, address, ...(swarm === undefined ? {} : { swarm }) },
  };
}
