import type { JsonObject } from '../../../core/json.ts';
import { type LoopbackServer, startLoopbackServer } from '../../emulator/loopback-server.ts';
import { dockerService, type EmulatedEngine } from './emulated-engine.ts';
import { createEmulatedSwarm } from './emulated-swarm.ts';

export interface RunningEngine extends EmulatedEngine {
  readonly server: LoopbackServer;
  /** The user's connection, led here. */
  connection(original: JsonObject): JsonObject;
  /** Services that were given another spec, and secrets that were removed from under somebody. */
  effects(): number;
}

export async function startEmulatedEngine(): Promise<RunningEngine> {
  let updates = 0;
  const engine: EmulatedEngine = {
    swarm: createEmulatedSwarm(),
    isManager: true,
    refuse: () => undefined,
    changed: (what) => {
      // A secret that can be removed is one that no service uses.
      if (what === 'service') updates += 1;
    },
  };
  const server = await startLoopbackServer(dockerService(engine));
  return Object.assign(engine, {
    server,
    connection: ({ address: _theirs, tls: _certificates, ...rest }: JsonObject) => ({
      ...rest,
      address: server.url.replace('http:', 'tcp:'),
    }),
    effects: () => updates,
  });
}
