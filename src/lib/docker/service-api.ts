import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { DockerClient } from './docker-client.ts';
import type { About } from './docker-error.ts';
import { listIn } from './list-in.ts';
import { type Service, type ServiceSpec, serviceIn } from './service.ts';

export interface ServiceApi {
  list(signal: AbortSignal): Promise<readonly Service[]>;
  /** By id or name. @throws RotationError NOT_FOUND */
  get(service: string, signal: AbortSignal): Promise<Service>;
  /**
   * Gives the service another spec. `edit` is asked anew when the swarm has moved the service on meanwhile, as it does
   * all through an update of its own; it gives undefined when there is nothing to do any more.
   * @throws RotationError CONFLICT when the service does not stand still
   */
  update(
    service: Service,
    edit: (now: Service) => ServiceSpec | undefined,
    action: string,
    signal: AbortSignal,
  ): Promise<void>;
}

const ATTEMPTS = 5;

export function createServiceApi(client: DockerClient): ServiceApi {
  const subjectOf = (service: string): string => `${client.name}: service ${service}`;

  const get: ServiceApi['get'] = async (service, signal) => {
    const about = { subject: subjectOf(service), action: 'look at it', effect: 'read' } as const;
    const told = await client.ask(
      { ...about, method: 'GET', path: `/services/${encodeURIComponent(service)}` },
      signal,
    );
    return expected(serviceIn(told), about);
  };

  return {
    get,
    list: async (signal) => {
      const about = { subject: client.name, action: 'list its services', effect: 'read' } as const;
      const told = await client.ask({ ...about, method: 'GET', path: '/services' }, signal);
      return listIn(told, about).map((each) => expected(serviceIn(each), about));
    },
    update: async (service, edit, action, signal) => {
      const about = { subject: subjectOf(service.name), action, effect: 'write' } as const;
      let now = service;
      for (let attempt = 1; ; attempt += 1) {
        const spec = edit(now);
        if (spec === undefined) return;
        // Credentials for the image's registry stay those the service has.
        const query = `version=${now.index}&registryAuthFrom=spec`;
        const path = `/services/${encodeURIComponent(now.id)}/update?${query}`;
        try {
          await client.ask({ ...about, method: 'POST', path, body: spec }, signal);
          return;
        } catch (error) {
          if (!isRotationError(error, 'CONFLICT') || attempt >= ATTEMPTS) throw error;
          now = await get(now.id, signal);
        }
      }
    },
  };
}

function expected(service: Service | undefined, about: About): Service {
  if (service !== undefined) return service;
  throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not a service' });
}
