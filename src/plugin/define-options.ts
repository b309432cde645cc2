import type { ZodType, z } from 'zod';

/** Schemas that plug-ins share. */
export interface CommonSchemas {
  /** `env:NAME`, `file:PATH` or `exec:COMMAND`: where a credential of the plug-in comes from. Literals are refused. */
  readonly reference: ZodType<string>;
  /** A URL that secrets may be sent to: https, or this very machine. */
  readonly address: ZodType<string>;
}

/** What a schema makes of the config: the type of what `open` is given. */
export type OptionsOf<Load extends () => Promise<ZodType>> = Awaited<ReturnType<Load>>['_output'];

/**
 * The `options` of a plug-in, built with the zod of keyturn when they are first needed. The object must be strict, and
 * every field `.describe()`d: both are shown to whoever writes the config.
 *
 * @example
 * defineOptions((z, { address, reference }) =>
 *   z.strictObject({
 *     address: address.describe('Where the server is.'),
 *     token: reference.describe('The token to write with.'),
 *   }),
 * )
 */
export function defineOptions<Schema extends ZodType>(
  build: (zod: typeof z, common: CommonSchemas) => Schema,
): () => Promise<Schema> {
  let built: Promise<Schema> | undefined;
  const load = async (): Promise<Schema> => {
    const [{ z }, { referenceSchema }, { addressSchema }] = await Promise.all([
      import('zod'),
      import('../lib/reference-schema.ts'),
      import('../lib/address-schema.ts'),
    ]);
    return build(z, { reference: referenceSchema, address: addressSchema });
  };
  return () => {
    built ??= load();
    return built;
  };
}
