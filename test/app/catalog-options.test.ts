import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeOptions } from '../../src/app/catalog-options.ts';
import { showCatalogEntry } from '../../src/app/catalog-show.ts';
import { BUILT_IN } from '../../src/catalog/built-in.ts';

const typesOf = async (schema: z.ZodType) =>
  Object.fromEntries((await describeOptions(schema)).map(({ name, type }) => [name, type]));

describe('the options of a plug-in, for people', () => {
  it('have types in words', async () => {
    expect(
      await typesOf(
        z.strictObject({
          text: z.string(),
          whole: z.int(),
          one: z.literal('x'),
          some: z.enum(['a', 'b']),
          list: z.array(z.enum(['a', 'b'])),
          map: z.record(z.string(), z.int()),
          either: z.union([z.string(), z.array(z.string())]),
          same: z.union([z.string().min(1), z.string().max(2)]),
          any: z.unknown(),
          inner: z.strictObject({ deep: z.boolean() }),
        }),
      ),
    ).toEqual({
      text: 'string',
      whole: 'integer',
      one: '"x"',
      some: '"a" | "b"',
      list: '"a" | "b"[]',
      map: 'map of integer',
      either: 'string | string[]',
      same: 'string',
      any: 'any',
      inner: 'object',
      'inner.deep': 'boolean',
    });
  });

  it('say what is needed, what is there by default, and what it is for, if anybody has said', async () => {
    const schema = z.strictObject({
      needed: z.string().describe('A name.'),
      preset: z.int().default(7),
      maybe: z.string().optional(),
    });
    expect(await describeOptions(schema)).toEqual([
      { name: 'needed', type: 'string', required: true, description: 'A name.' },
      { name: 'preset', type: 'integer', required: false, default: 7, description: '' },
      { name: 'maybe', type: 'string', required: false, description: '' },
    ]);
  });

  it('of several shapes give each name once, in the words of the first', async () => {
    const schema = z.union([
      z.strictObject({ kind: z.literal('a').describe('First.'), left: z.string() }),
      z.strictObject({ kind: z.literal('b').describe('Second.'), right: z.string() }),
    ]);
    const rows = await describeOptions(schema);
    expect(rows.map(({ name }) => name)).toEqual(['kind', 'left', 'right']);
    expect(rows[0]?.description).toBe('First.');
  });
});

it.each([
  ['stores', 'dotnev', 'store dotnev', 'dotenv'],
  ['issuers', 'postmann', 'issuer postmann', 'postman'],
  ['checks', 'toString', 'check toString', 'command'],
  ['reloads', '', 'reload ', 'http'],
] as const)(
  'a name that is not among the %s is answered with the nearest: %j',
  async (kind, id, subject, nearest) => {
    await expect(showCatalogEntry(BUILT_IN, kind, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(`${subject} was not found`),
      hint: `Did you mean ${nearest}? Run \`keyturn ${kind} list\` to see them all; plug-ins by others need \`--config PATH\`.`,
    });
  },
);
