import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type KubernetesObject, openKubernetes } from '../../src/lib/kubernetes/kubernetes-client.ts';

/** A namespace that nobody needs, and an administrator's hands in it. */
export interface TestNamespace {
  readonly name: string;
  get(path: string): Promise<KubernetesObject>;
  makeSecret(name: string, data: Readonly<Record<string, string>>, immutable: boolean): Promise<void>;
  /** Without pods, so that it rolls where no node is. */
  makeDeployment(name: string, secret: string, replicas?: number): Promise<void>;
  close(): Promise<void>;
}

export async function openTestNamespace(kubeconfig: string, name: string): Promise<TestNamespace> {
  const { signal } = new AbortController();
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  const client = await openKubernetes(
    { kubeconfig, inCluster: false },
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
  const base = { subject: 'test', action: 'prepare the test' } as const;
  const make = async (list: string, body: JsonObject): Promise<void> => {
    const { name: object } = body['metadata'] as { name: string };
    await client.ask({ ...base, effect: 'write', method: 'POST', path: list, body }, signal);
    made.push(`${list}/${object}`);
  };

  return {
    name,
    get: (path) => client.ask({ ...base, effect: 'read', method: 'GET', path }, signal),
    makeSecret: (secret, values, immutable) =>
      make(`/api/v1/namespaces/${name}/secrets`, {
        metadata: { name: secret, labels: { team: 'checkout' } },
        immutable,
        stringData: values,
      }),
    makeDeployment: (deployment, secret, replicas = 0) =>
      make(`/apis/apps/v1/namespaces/${name}/deployments`, {
        metadata: { name: deployment },
        spec: {
          replicas,
          progressDeadlineSeconds: 2,
          selector: { matchLabels: { app: deployment } },
          template: {
            metadata: { labels: { app: deployment } },
            spec: {
              containers: [
                {
                  name: 'app',
                  image: 'registry.invalid/app:1',
                  env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: secret, key: 'API_KEY' } } }],
                  envFrom: [{ secretRef: { name: secret } }],
                },
              ],
              volumes: [
                { name: 'whole', secret: { secretName: secret } },
                { name: 'some', projected: { sources: [{ secret: { name: secret } }] } },
              ],
            },
          },
        },
      }),
    close: async () => {
      for (const path of made.reverse())
        await client
          .ask(
            { ...base, effect: 'write', method: 'DELETE', path, body: { propagationPolicy: 'Background' } },
            signal,
          )
          .catch(() => {});
      client.close();
    },
  };
}

export function freshName(): string {
  return `keyturn-test-${randomBytes(4).toString('hex')}`;
}
