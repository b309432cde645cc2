import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../../core/json.ts';
import { type LoopbackServer, startLoopbackServer } from '../../emulator/loopback-server.ts';
import { type EmulatedCluster, kubernetesService } from './emulated-api.ts';
import { createEmulatedObjects } from './emulated-objects.ts';
import { createEmulatedRollouts } from './emulated-rollouts.ts';

export interface RunningCluster extends EmulatedCluster {
  readonly server: LoopbackServer;
  /** The user's connection, led here: a kubeconfig with a context of the same name. */
  connection(original: JsonObject): JsonObject;
  /** Effective writes so far, of these plurals or of any. */
  effects(...plurals: readonly string[]): number;
  stop(): Promise<void>;
}

export async function startEmulatedCluster(): Promise<RunningCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-kubernetes-'));
  const writes: string[] = [];
  const cluster: EmulatedCluster = {
    objects: createEmulatedObjects(),
    rollouts: createEmulatedRollouts(),
    token: randomBytes(24).toString('base64url'),
    user: 'system:serviceaccount:tools:keyturn',
    denied: new Set(),
    bound: new Map(),
    admit: () => undefined,
    written: (plural) => {
      writes.push(plural);
    },
  };
  // Looked up at each request, so that tests can set it.
  const service = kubernetesService({ ...cluster, admit: (...args) => running.admit(...args) });
  const server = await startLoopbackServer(service);

  const running: RunningCluster = {
    ...cluster,
    server,
    connection: (original) => {
      const { kubeconfig: _theirs, inCluster: _pod, ...rest } = original;
      const context = typeof original['context'] === 'string' ? original['context'] : 'emulated';
      const path = join(folder, 'kubeconfig');
      writeFileSync(path, kubeconfig(server.url, context, cluster.token), { mode: 0o600 });
      return { ...rest, kubeconfig: path, context };
    },
    effects: (...plurals) =>
      writes.filter((plural) => plurals.length === 0 || plurals.includes(plural)).length,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return running;
}

/** JSON is YAML. */
function kubeconfig(server: string, context: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    contexts: [{ name: context, context: { cluster: 'emulated', user: 'keyturn' } }],
    clusters: [{ name: 'emulated', cluster: { server } }],
    users: [{ name: 'keyturn', user: { token } }],
  });
}
