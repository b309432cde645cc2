import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type DockerRequest, openDocker } from '../../src/lib/docker/docker-client.ts';
import { mountsOf, type SecretMount, serviceIn } from '../../src/lib/docker/service.ts';

/** A swarm that nobody needs, and an administrator's hands in it. */
export interface TestSwarm {
  makeSecret(name: string, value: string): Promise<string>;
  /** Uses the secret as the file `key`. */
  makeService(name: string, secret: { readonly id: string; readonly name: string }): Promise<void>;
  mountsIn(service: string): Promise<readonly SecretMount[]>;
  secretNames(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openTestSwarm(address: string, image: string): Promise<TestSwarm> {
  const { signal } = new AbortController();
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  const client = await openDocker(
    { address },
    {
      name: 'admin',
      baseDir: '/',
      clock: systemClock,
      timeoutMs: 20_000,
      resolve: nobody,
      operator: { provideCredential: nobody, confirmDone: nobody },
    },
  );
  const made: string[] = [];
  const ask = (request: Pick<DockerRequest, 'method' | 'path' | 'body'>): Promise<unknown> =>
    client.ask({ subject: 'test', action: 'prepare the test', effect: 'write', ...request }, signal);
  const make = async (kind: 'secrets' | 'services', body: JsonObject): Promise<string> => {
    const { ID } = (await ask({ method: 'POST', path: `/${kind}/create`, body })) as { ID: string };
    made.push(`/${kind}/${ID}`);
    return ID;
  };
  const secrets = async (): Promise<readonly { readonly ID: string; readonly Spec: { Name: string } }[]> =>
    ((await ask({ method: 'GET', path: '/secrets' })) ?? []) as never;

  return {
    makeSecret: (name, value) => make('secrets', { Name: name, Data: btoa(value) }),
    makeService: async (name, secret) => {
      const File = { Name: 'key', UID: '0', GID: '0', Mode: 0o400 };
      const Secrets = [{ File, SecretID: secret.id, SecretName: secret.name }];
      await make('services', {
        Name: name,
        TaskTemplate: { ContainerSpec: { Image: image, Secrets } },
        Mode: { Replicated: { Replicas: 1 } },
        UpdateConfig: { Parallelism: 1, Monitor: 1_000_000_000, FailureAction: 'pause' },
      });
    },
    mountsIn: async (name) => {
      const service = serviceIn(await ask({ method: 'GET', path: `/services/${name}` }));
      return service === undefined ? [] : mountsOf(service);
    },
    secretNames: async () => (await secrets()).map(({ Spec }) => Spec.Name),
    close: async () => {
      for (const path of made.reverse()) await ask({ method: 'DELETE', path }).catch(() => {});
      for (const { ID, Spec } of await secrets())
        if (Spec.Name.startsWith(PREFIX))
          await ask({ method: 'DELETE', path: `/secrets/${ID}` }).catch(() => {});
      client.close();
    },
  };
}

const PREFIX = 'keyturn-test-';

export function freshSwarmName(): string {
  return `${PREFIX}${randomBytes(4).toString('hex')}`;
}
