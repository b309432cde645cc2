import { tmpdir } from 'node:os';
import { expect } from 'vitest';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { isRotationError, RotationError } from '../../src/core/errors/rotation-error.ts';
import type { OpenContext } from '../../src/core/plugins/contexts.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import type { IssuerPlugin } from '../../src/core/plugins/plugin.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';

export const CALL = { signal: new AbortController().signal };

const nobody = (): Promise<never> => Promise.reject(new Error('nobody was expected to be asked'));

/** Opens an issuer as the composition root does: options through the schema, references through `resolve`. */
export async function openIssuer(
  plugin: IssuerPlugin,
  options: unknown,
  settings: Partial<Omit<OpenContext, 'resolve'>> & {
    resolve?: (reference: string) => string | undefined;
  } = {},
): Promise<Issuer> {
  const { resolve, ...rest } = settings;
  const schema = await plugin.options();
  // The catalogue has forgotten the type of the options; the schema has just proved it.
  return (await plugin.open())(schema.parse(options) as never, {
    name: 'the issuer',
    baseDir: tmpdir(),
    clock: systemClock,
    timeoutMs: 20_000,
    operator: { provideCredential: nobody, confirmDone: nobody },
    resolve: async (reference) => {
      const value = resolve?.(reference);
      if (value === undefined) throw new RotationError('CONFIG_INVALID', { subject: reference });
      return new Secret(value);
    },
    ...rest,
  });
}

/** The error of a call that must fail with this code. */
export async function refusal(attempt: Promise<unknown>, code: ErrorCode): Promise<RotationError> {
  const error = await attempt.then(
    () => expect.fail(`expected ${code}, but it succeeded`),
    (thrown: unknown) => thrown,
  );
  if (!isRotationError(error)) throw error;
  expect(error.code, error.message).toBe(code);
  return error;
}

/** As `refusal`, for what throws at once. */
export function refusalOf(work: () => unknown, code: ErrorCode): Promise<RotationError> {
  return refusal(Promise.resolve().then(work), code);
}
