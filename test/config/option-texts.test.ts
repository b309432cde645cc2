import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BUILT_IN } from '../../src/catalog/built-in.ts';

/** A slip of the hand in any option is a mistake that is told with its place, never an error of ours. */

const SLIPS = ['', ' ', 'nope', 'example.com:443', 'ftp://example.com', 'https://', '{{', 'a b\n', '\0'];

const plugins = Object.entries(BUILT_IN).flatMap(([kind, byId]) =>
  Object.entries(byId).map(([id, load]) => [`${kind}/${id}`, load] as const),
);

/** Each place in the options where a text may stand, as the options with this text there and nothing else. */
function* placesOf(
  schema: unknown,
  around: (value: unknown) => unknown,
): Generator<(text: string) => unknown> {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties, anyOf, oneOf, type } = schema as Record<string, unknown>;
  if (type === 'string') yield (text) => around(text);
  for (const options of [anyOf, oneOf]) {
    if (Array.isArray(options)) for (const option of options) yield* placesOf(option, around);
  }
  for (const [name, inner] of Object.entries(properties ?? {}))
    yield* placesOf(inner, (value) => around({ [name]: value }));
}

describe.each(plugins)('the options of %s', (_name, load) => {
  it('take no text that is none without saying so', async () => {
    const schema = await (await load()).options();
    const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    for (const place of placesOf(described, (options) => options))
      for (const text of SLIPS)
        expect(() => schema.safeParse(place(text)), JSON.stringify(place(text))).not.toThrow();
  });
});
