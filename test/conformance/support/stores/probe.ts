import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StorePlugin } from '../../../../src/core/plugins/plugin.ts';

/** What decides which promises a store can be asked to keep. */
export interface StoreTraits {
  readonly plugin: StorePlugin;
  /** There is a network that can break. */
  readonly wire: boolean;
  /** A slot can hold more than one field. */
  readonly fielded: boolean;
}

const FOLDER = join(import.meta.dirname, '../../../../src/stores');

/** Names on disk: a store that nobody put in the catalogue is seen all the same. */
export function storeFolders(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

export function hasEmulator(id: string): boolean {
  return existsSync(join(FOLDER, id, 'emulator.ts'));
}

/** Never throws: one broken store must not take the others' tests away. */
export async function probe(load: () => Promise<StorePlugin>): Promise<StoreTraits | { failure: unknown }> {
  try {
    const plugin = await load();
    const start = await plugin.emulator();
    const emulator = await start();
    try {
      const slot = emulator.sampleSlot('probe', ['API_KEY', 'API_SECRET']);
      return { plugin, wire: emulator.inject !== undefined, fielded: slot.fields.length > 1 };
    } finally {
      await emulator.stop();
    }
  } catch (failure) {
    return { failure };
  }
}
