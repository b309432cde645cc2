import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ZodType, z } from 'zod';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { OpenContext } from '../../../src/core/plugins/contexts.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instantClock } from './instant-clock.ts';
import type { LeakDetector } from './leaks.ts';

/** What checks and reloads, the plug-ins of a service, have in common for the suite. */

const SOURCES = join(import.meta.dirname, '../../../src');

export function pluginFolders(kind: 'checks' | 'reloads' | 'notifiers'): readonly string[] {
  return readdirSync(join(SOURCES, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

interface Described {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly options: () => Promise<ZodType>;
}

/** Whoever adds a folder is enrolled by it, and cannot leave out what the others have. */
export function folderCases(
  kind: 'checks' | 'reloads' | 'notifiers',
  catalog: Readonly<Record<string, () => Promise<Described>>>,
): void {
  it.each(pluginFolders(kind))('folder %s is in the catalogue under its own name', async (id) => {
    expect(Object.keys(catalog)).toContain(id);
    expect((await catalog[id]?.())?.id).toBe(id);
  });

  it.each(pluginFolders(kind))('folder %s has an emulator and notes', (id) => {
    const missing = ['emulator.ts', 'notes.md'].filter((file) => !existsSync(join(SOURCES, kind, id, file)));
    expect(missing).toEqual([]);
  });
}

/** Never throws: one broken plug-in must not take the others' tests away. */
export async function probe<P extends { emulator(): Promise<() => Promise<Emulator>> }>(
  load: () => Promise<P>,
): Promise<{ readonly plugin: P; readonly wire: boolean } | { readonly failure: unknown }> {
  try {
    const plugin = await load();
    const emulator = await (await plugin.emulator())();
    await emulator.stop();
    return { plugin, wire: emulator.inject !== undefined };
  } catch (failure) {
    return { failure };
  }
}

interface Emulator {
  inject?: unknown;
  stop(): Promise<void>;
  options(original?: JsonObject): JsonObject;
  resolve(reference: string): string | undefined;
}

export function optionCases(plugin: Described, emulator: () => Emulator): void {
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

/** Names of properties, at any depth, that say nothing to the reader of the docs. */
function undescribed(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema ? Object.entries(schema.properties ?? {}) : [];
  const silent = properties.filter(
    ([, value]) => (value as { description?: string }).description === undefined,
  );
  return [...silent.map(([name]) => name), ...Object.values(schema).flatMap(undescribed)];
}

export function openContext(emulator: Emulator, leaks: LeakDetector, timeoutMs = 20_000): OpenContext {
  const nobody = (): Promise<never> =>
    Promise.reject(new RotationError('INTERNAL', { subject: 'the suite', reason: 'it asked for a person' }));
  return {
    name: 'conformance',
    baseDir: tmpdir(),
    clock: instantClock(),
    timeoutMs,
    resolve: async (reference) => {
      const value = emulator.resolve(reference);
      if (value === undefined)
        throw new RotationError('CONFIG_INVALID', { subject: reference, reason: 'unknown' });
      return new Secret(leaks.watch(value));
    },
    operator: { provideCredential: nobody, confirmDone: nobody },
  };
}
