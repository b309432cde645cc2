import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import { problem } from '../../lib/docker/emulator/emulated-engine.ts';
import { type RunningEngine, startEmulatedEngine } from '../../lib/docker/emulator/start-emulated-engine.ts';

const DEFAULT_RELOAD: JsonObject = { services: ['checkout'], interval: '1s' };

export interface DockerServiceEmulator extends ReloadEmulator {
  readonly engine: RunningEngine;
}

export async function startDockerServiceEmulator(): Promise<DockerServiceEmulator> {
  const engine = await startEmulatedEngine();
  return {
    engine,
    options: (original = DEFAULT_RELOAD) => {
      for (const name of original['services'] as readonly string[]) {
        if (engine.swarm.serviceNamed(name) === undefined) engine.swarm.makeService(name, []);
      }
      return engine.connection(original);
    },
    resolve: () => undefined,
    inject: (fault) => engine.server.inject(fault),
    effects: engine.effects,
    failNext: () => {
      engine.refuse = () => {
        engine.refuse = () => undefined;
        return problem(400, 'rpc error: code = InvalidArgument desc = the service cannot be updated now');
      };
    },
    stop: engine.server.stop,
  };
}
