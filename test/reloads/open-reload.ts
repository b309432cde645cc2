import { tmpdir } from 'node:os';
import type { JsonObject } from '../../src/core/json.ts';
import type { ReloadPlugin } from '../../src/core/plugins/plugin.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type InstantClock, instantClock } from '../../src/testing/instant-clock.ts';

export interface OpenedReload {
  readonly clock: InstantClock;
  run(signal?: AbortSignal): Promise<JsonObject>;
}

interface Surroundings {
  readonly baseDir?: string;
  readonly timeoutMs?: number;
  /** Against a system that takes its time. */
  readonly realTime?: boolean;
  readonly references?: Readonly<Record<string, string>>;
}

/** A reload opened as the engine does it, from options as they stand in a config. */
export async function openReload(
  plugin: ReloadPlugin,
  options: JsonObject,
  { baseDir = tmpdir(), timeoutMs = 20_000, references = {}, realTime = false }: Surroundings = {},
): Promise<OpenedReload> {
  const clock = instantClock();
  const schema = await plugin.options();
  const open = await plugin.open();
  const nobody = (): Promise<never> => Promise.reject(new Error('a reload asked for a person'));
  const reload = await open(schema.parse(options) as never, {
    name: 'service checkout, reload',
    baseDir,
    clock: realTime ? systemClock : clock,
    timeoutMs,
    resolve: async (reference) => new Secret(references[reference] ?? ''),
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
  return {
    clock,
    run: (signal = new AbortController().signal) => reload.run({ service: 'check out' }, { signal }),
  };
}
