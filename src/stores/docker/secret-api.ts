import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { DockerClient } from '../../lib/docker/docker-client.ts';
import type { About } from '../../lib/docker/docker-error.ts';
import { listIn } from '../../lib/docker/list-in.ts';
import { type SwarmSecret, swarmSecret } from './swarm-secret.ts';

/** The calls that swarm secrets need. Each makes one attempt. */
export interface SecretApi {
  /** All whose names begin so. */
  list(prefix: string, signal: AbortSignal): Promise<readonly SwarmSecret[]>;
  /** Undefined when there is none. */
  get(idOrName: string, signal: AbortSignal): Promise<SwarmSecret | undefined>;
  /** Gives its id. @throws RotationError CONFLICT when the name is taken */
  create(spec: JsonObject, subject: string, signal: AbortSignal): Promise<string>;
  /** Absent is success. @throws RotationError REFUSED while a service uses it */
  remove(secret: Pick<SwarmSecret, 'id' | 'name'>, signal: AbortSignal): Promise<void>;
}

export function createSecretApi(client: DockerClient): SecretApi {
  const { name } = client;
  return {
    list: async (prefix, signal) => {
      const about = { subject: name, action: 'list its secrets', effect: 'read' } as const;
      const filters = encodeURIComponent(JSON.stringify({ name: [prefix] }));
      const told = await client.ask({ ...about, method: 'GET', path: `/secrets?filters=${filters}` }, signal);
      return listIn(told, about).map((each) => expected(swarmSecret(each), about));
    },
    get: async (idOrName, signal) => {
      const about = { subject: `${name}/${idOrName}`, action: 'look at the secret', effect: 'read' } as const;
      const path = `/secrets/${encodeURIComponent(idOrName)}`;
      try {
        return expected(swarmSecret(await client.ask({ ...about, method: 'GET', path }, signal)), about);
      } catch (error) {
        if (isRotationError(error, 'NOT_FOUND')) return undefined;
        throw error;
      }
    },
    create: async (spec, subject, signal) => {
      const about = { subject, action: 'make a secret', effect: 'write' } as const;
      const told = await client.ask(
        { ...about, method: 'POST', path: '/secrets/create', body: spec },
        signal,
      );
      const { ID } = (told ?? {}) as { ID?: unknown };
      if (typeof ID === 'string' && ID !== '') return ID;
      throw new RotationError('INDETERMINATE', { ...about, reason: 'the answer names no secret' });
    },
    remove: async (secret, signal) => {
      const about = {
        subject: `${name}/${secret.name}`,
        action: 'remove the secret',
        effect: 'write',
      } as const;
      try {
        await client.ask({ ...about, method: 'DELETE', path: `/secrets/${secret.id}` }, signal);
      } catch (error) {
        if (!isRotationError(error, 'NOT_FOUND')) throw error;
      }
    },
  };
}

function expected(secret: SwarmSecret | undefined, about: About): SwarmSecret {
  if (secret !== undefined) return secret;
  throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not a secret' });
}
