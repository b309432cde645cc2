import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { mountsOf, type Service, type ServiceSpec } from '../../lib/docker/service.ts';
import type { ServiceApi } from '../../lib/docker/service-api.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import { usersOf, uses } from './find-live.ts';
import type { SwarmSecret } from './swarm-secret.ts';

type Named = Pick<SwarmSecret, 'id' | 'name'>;

/**
 * Gives services another secret in the place of the old one, in the same file of their containers. The swarm replaces
 * their tasks as their update policy says.
 * @throws RotationError what the first service's refusal was; INDETERMINATE when some are switched
 */
export async function pointTo(
  services: ServiceApi,
  users: readonly Service[],
  { from, to }: { readonly from: Named; readonly to: Named },
  subject: string,
  signal: AbortSignal,
): Promise<void> {
  await writeOneByOne(
    usersOf(users, from.id),
    (service) =>
      services.update(service, (now) => edited(now, from, to, subject), `give it ${to.name}`, signal),
    subject,
  );
}

/** @throws RotationError CONFLICT when the service uses neither of the two any more */
function edited(service: Service, from: Named, to: Named, subject: string): ServiceSpec | undefined {
  if (!uses(service, from.id)) {
    if (uses(service, to.id)) return undefined;
    throw new RotationError('CONFLICT', {
      subject,
      reason: `service ${service.name} has been given another secret than ${from.name} meanwhile`,
    });
  }
  const { TaskTemplate = {} } = service.spec;
  const Secrets = mountsOf(service).map(
    (mount): JsonObject =>
      mount.SecretID === from.id ? { ...mount, SecretID: to.id, SecretName: to.name } : mount,
  );
  return {
    ...service.spec,
    TaskTemplate: { ...TaskTemplate, ContainerSpec: { ...TaskTemplate.ContainerSpec, Secrets } },
  };
}
