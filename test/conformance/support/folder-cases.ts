import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PluginKind } from '../../../src/config/plugin-catalog.ts';

const SOURCES = join(import.meta.dirname, '../../../src');

/** Whoever adds a folder is enrolled by it, and cannot leave out what the others have. */
export function folderCases(
  kind: PluginKind,
  catalog: Readonly<Record<string, () => Promise<{ readonly id: string }>>>,
): void {
  const folders = readdirSync(join(SOURCES, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

  it.each(folders)('folder %s is in the catalogue under its own name', async (id) => {
    expect(Object.keys(catalog)).toContain(id);
    expect((await catalog[id]?.())?.id).toBe(id);
  });

  it.each(folders)('folder %s has an emulator and notes', (id) => {
    const missing = ['emulator.ts', 'notes.md'].filter((file) => !existsSync(join(SOURCES, kind, id, file)));
    expect(missing).toEqual([]);
  });
}
