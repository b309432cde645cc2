import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Version } from '../../core/plugins/store.ts';
import { mountsOf, type Service } from '../../lib/docker/service.ts';
import type { ServiceApi } from '../../lib/docker/service-api.ts';
import { isGeneration, replacedBy } from './generation.ts';
import type { SecretApi } from './secret-api.ts';
import type { SwarmSecret } from './swarm-secret.ts';

/** The secret that a slot stands for now. */
export interface Live {
  readonly secret: SwarmSecret;
  /** Services that use it, or its successor. */
  readonly users: readonly Service[];
  /** A switch was cut in half: some of the services use this one already. */
  readonly successor: SwarmSecret | undefined;
}

export interface Swarm {
  /** Name of the store, for errors. */
  readonly name: string;
  readonly secrets: SecretApi;
  readonly services: ServiceApi;
}

/**
 * What the services use is what counts. Of secrets that none uses, it is the one that no other has replaced. Undefined
 * when there is neither a secret of that name nor one that took its place.
 * @throws RotationError DRIFT when there are several, none of which replaces another
 */
export async function findLive(swarm: Swarm, slot: string, signal: AbortSignal): Promise<Live | undefined> {
  const named = await swarm.secrets.list(slot, signal);
  const generations = named.filter((secret) => isGeneration(secret, slot));
  if (generations.length === 0) return undefined;
  const services = await swarm.services.list(signal);
  const used = generations.filter((secret) => usersOf(services, secret.id).length > 0);
  const users = services.filter((service) => used.some((secret) => uses(service, secret.id)));
  const [one, other] = used;
  if (one === undefined) return newest(swarm, slot, generations);
  if (other === undefined) return { secret: one, users, successor: undefined };
  if (used.length === 2) {
    if (replacedBy(other) === one.id) return { secret: one, users, successor: other };
    if (replacedBy(one) === other.id) return { secret: other, users, successor: one };
  }
  throw severalOf(swarm, slot, used);
}

/** Whoever made a secret of another name by hand and pointed the services there has left this one unused. */
export function versionOf({ secret, users }: Pick<Live, 'secret' | 'users'>): Version {
  return users.length === 0 ? `${secret.id}, unused` : secret.id;
}

export function idIn(version: Version): string {
  return version.replace(/, unused$/, '');
}

export function usersOf(services: readonly Service[], secretId: string): readonly Service[] {
  return services.filter((service) => uses(service, secretId));
}

export function uses(service: Service, secretId: string): boolean {
  return mountsOf(service).some(({ SecretID }) => SecretID === secretId);
}

function newest(swarm: Swarm, slot: string, generations: readonly SwarmSecret[]): Live {
  const heads = generations.filter(({ id }) => !generations.some((other) => replacedBy(other) === id));
  const [head] = heads;
  if (head === undefined || heads.length > 1) throw severalOf(swarm, slot, heads);
  return { secret: head, users: [], successor: undefined };
}

function severalOf({ name }: Swarm, slot: string, secrets: readonly SwarmSecret[]): RotationError {
  return new RotationError('DRIFT', {
    subject: `${name}/${slot}`,
    reason: `there are several secrets for it: ${secrets.map((secret) => secret.name).join(', ')}`,
    hint: 'Point its services to one of these and remove the others, then run the command again.',
  });
}
