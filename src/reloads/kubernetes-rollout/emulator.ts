import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import {
  type RunningCluster,
  startEmulatedCluster,
} from '../../lib/kubernetes/emulator/start-emulated-cluster.ts';
import { failure } from '../../lib/kubernetes/emulator/status.ts';

const DEFAULT_RELOAD: JsonObject = {
  namespace: 'shop',
  workloads: ['deployment/checkout'],
  interval: '1s',
};

export interface KubernetesRolloutEmulator extends ReloadEmulator {
  readonly cluster: RunningCluster;
}

export async function startKubernetesRolloutEmulator(): Promise<KubernetesRolloutEmulator> {
  const cluster = await startEmulatedCluster();
  return {
    cluster,
    options: (original = DEFAULT_RELOAD) => {
      const { namespace, workloads } = original as { namespace: string; workloads: readonly string[] };
      for (const entry of workloads) {
        const [kind, name = ''] = entry.split('/');
        if (cluster.objects.get(`${kind}s`, namespace, name) === undefined)
          cluster.objects.put(`${kind}s`, {
            metadata: { namespace, name },
            spec: { replicas: 2, template: {} },
          });
      }
      return cluster.connection(original);
    },
    resolve: () => undefined,
    inject: (fault) => cluster.server.inject(fault),
    effects: () => cluster.effects(),
    failNext: () => {
      cluster.admit = () => {
        cluster.admit = () => undefined;
        return failure(400, 'admission webhook "freeze.example.com" denied the request: change freeze');
      };
    },
    stop: cluster.stop,
  };
}
