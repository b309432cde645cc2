import { expect, it } from 'vitest';
import { type ZodType, z } from 'zod';
import type { JsonObject } from '../core/json.ts';

interface Described {
  readonly title: string;
  readonly summary: string;
  readonly options: () => Promise<ZodType>;
}

interface WithOptions {
  options(original?: JsonObject): JsonObject;
}

/** What the docs, the editor and the frozen plan need of every descriptor. */
export function optionCases(plugin: Described, emulator: () => WithOptions): void {
  it('says in one sentence what it is', () => {
    expect(plugin.title).not.toBe('');
    expect(plugin.summary).toMatch(/^[A-Z].+\.$/);
  });

  it('takes no option it does not know, describes each that it does, and accepts what its emulator adapts', async () => {
    const schema = await plugin.options();
    const options = emulator().options();
    expect(schema.safeParse({ ...options, notAnOption: true }).success).toBe(false);
    expect(schema.safeParse(emulator().options(options)).success).toBe(true);
    expect(undescribed(z.toJSONSchema(schema, { io: 'input' }))).toEqual([]);
  });

  it('takes its own validated options again: a plan may be read twice', async () => {
    const schema = await plugin.options();
    const once = schema.parse(emulator().options());
    expect(schema.parse(once)).toEqual(once);
    expect(schema.parse(JSON.parse(JSON.stringify(once)))).toEqual(JSON.parse(JSON.stringify(once)));
  });
}

/** Paths of properties, at any depth, that say nothing to the reader of the docs. */
function undescribed(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, child]) => {
    if (name !== 'properties' || typeof child !== 'object' || child === null) return undescribed(child, path);
    return Object.entries(child as Record<string, { readonly description?: string }>).flatMap(
      ([property, value]) => [
        ...(value.description === undefined ? [`${path}${property}`] : []),
        ...undescribed(value, `${path}${property}.`),
      ],
    );
  });
}
