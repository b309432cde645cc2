import { tmpdir } from 'node:os';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Check, CheckResult } from '../../../src/core/plugins/check.ts';
import type { CheckPlugin } from '../../../src/core/plugins/plugin.ts';
import { Secret } from '../../../src/core/secret.ts';
import { type InstantClock, instantClock } from '../../../src/testing/instant-clock.ts';

export interface OpenedCheck {
  readonly clock: InstantClock;
  readonly check: Check;
  run(parts: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<CheckResult>;
}

export interface Surroundings {
  readonly baseDir?: string;
  readonly timeoutMs?: number;
  readonly references?: Readonly<Record<string, string>>;
}

/** A check opened as the engine does it, from options as they stand in a config. */
export async function openCheck(
  plugin: CheckPlugin,
  options: JsonObject,
  { baseDir = tmpdir(), timeoutMs = 20_000, references = {} }: Surroundings = {},
): Promise<OpenedCheck> {
  const clock = instantClock();
  const schema = await plugin.options();
  const open = await plugin.open();
  const nobody = (): Promise<never> => Promise.reject(new Error('a check asked for a person'));
  const check = await open(schema.parse(options) as never, {
    name: 'service checkout, check 1',
    baseDir,
    clock,
    timeoutMs,
    resolve: async (reference) => {
      const value = references[reference];
      if (value !== undefined) return new Secret(value);
      throw new RotationError('CONFIG_INVALID', { subject: reference, reason: 'unknown' });
    },
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
  const run: OpenedCheck['run'] = (parts, signal = new AbortController().signal) => {
    const credential = Object.fromEntries(
      Object.entries(parts).map(([part, text]) => [part, new Secret(text)]),
    );
    return check.run({ service: 'checkout', credential }, { signal });
  };
  return { clock, check, run };
}

/** Problems of options, as `path: message`. */
export async function problemsOf(
  plugin: Pick<CheckPlugin, 'options'>,
  options: JsonObject,
): Promise<string[]> {
  const parsed = (await plugin.options()).safeParse(options);
  return parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
}
