import { tmpdir } from 'node:os';
import type { ZodType } from 'zod';
import type { Clock } from '../core/clock.ts';
import type { Disk } from '../core/disk.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { JsonObject } from '../core/json.ts';
import type { Operator } from '../core/operator.ts';
import type { OpenContext } from '../core/plugins/contexts.ts';
import { Secret } from '../core/secret.ts';
import { instantClock } from './instant-clock.ts';
import type { LeakDetector } from './leaks.ts';

interface Openable<Opened> {
  readonly options: () => Promise<ZodType>;
  readonly open: () => Promise<(options: never, ctx: OpenContext) => Opened | Promise<Opened>>;
}

interface Emulator {
  options(original?: JsonObject): JsonObject;
  resolve(reference: string): string | undefined;
  readonly disk?: Disk;
}

export interface OpenSettings {
  /** Learns of what its references resolve to. */
  readonly leaks?: LeakDetector;
  /** In place of those that the emulator gives out. */
  readonly options?: JsonObject;
  readonly timeoutMs?: number;
  /** By default one on which nobody really sleeps. */
  readonly clock?: Clock;
  readonly operator?: Operator;
}

/** Opens a plug-in on an emulator, as the engine would on the real system; for tests of what is particular to it. */
export async function openOnEmulator<Opened>(
  plugin: Openable<Opened>,
  emulator: Emulator,
  {
    leaks,
    options = emulator.options(),
    timeoutMs = 20_000,
    clock = instantClock(),
    operator = NOBODY,
  }: OpenSettings = {},
): Promise<Opened> {
  const [schema, open] = await Promise.all([plugin.options(), plugin.open()]);
  // The catalogue has forgotten the type of the options; the schema has just proved it.
  return open(schema.parse(options) as never, {
    name: 'conformance',
    baseDir: tmpdir(),
    clock,
    timeoutMs,
    operator,
    ...(emulator.disk && { disk: emulator.disk }),
    resolve: async (reference) => {
      const value = emulator.resolve(reference);
      if (value === undefined)
        throw new RotationError('CONFIG_INVALID', { subject: reference, reason: 'unknown' });
      return new Secret(leaks?.watch(value) ?? value);
    },
  });
}

const nobody = (): Promise<never> =>
  Promise.reject(new RotationError('INTERNAL', { subject: 'the suite', reason: 'it asked for a person' }));

const NOBODY: Operator = { provideCredential: nobody, confirmDone: nobody };
