import type { ZodType, z } from 'zod';

/** Schemas that plug-ins share. */
export interface CommonSchemas {
  /** `env:NAME`, `file:PATH` or `exec:COMMAND`: where a credential of the plug-in comes from. Literals are refused. */
  readonly reference: ZodType<string>;
}

/**
 * The `options` of a plug-in, built with the zod of keyturn when they are first needed. The object must be strict, and
 * every field `.describe()`d: both are shown to whoever writes the config.
 *
 * @example
 * defineOptions((z, { reference }) =>
 *   z.strictObject({
 *     address: z.url().describe('Where the server is.'),
 *     token: reference.describe('The token to write with.'),
 *   }),
 * )
 */
export function defineOptions<Schema extends ZodType>(
  build: (zod: typeof z, common: CommonSchemas) => Schema,
): () => Promise<Schema> {
  let built: Promise<Schema> | undefined;
  const load = async (): Promise<Schema> => {
    const [{ z }, { referenceSchema }] = await Promise.all([
      import('zod'),
      import('../lib/reference-schema.ts'),
    ]);
    return build(z, { reference: referenceSchema });
  };
  return () => {
    built ??= load();
    return built;
  };
}
