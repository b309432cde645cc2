import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IssuerPlugin } from '../../../src/core/plugins/plugin.ts';
import { openRig } from './issuer-rig.ts';

/** What decides which promises an issuer can be asked to keep. */
export interface IssuerTraits {
  readonly plugin: IssuerPlugin;
  /** There is a network that can break. */
  readonly wire: boolean;
  /** It can name every key there is: no capability says so, the method itself does. */
  readonly lists: boolean;
}

const FOLDER = join(import.meta.dirname, '../../../src/issuers');

/** Names on disk: an issuer that nobody put in the catalogue is seen all the same. */
export function issuerFolders(): string[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

export function hasEmulator(id: string): boolean {
  return existsSync(join(FOLDER, id, 'emulator.ts'));
}

/** Never throws: one broken issuer must not take the others' tests away. */
export async function probe(load: () => Promise<IssuerPlugin>): Promise<IssuerTraits | { failure: unknown }> {
  try {
    const plugin = await load();
    const rig = await openRig(plugin);
    try {
      return { plugin, wire: rig.emulator.inject !== undefined, lists: rig.issuer.listKeys !== undefined };
    } finally {
      await rig.close();
    }
  } catch (failure) {
    return { failure };
  }
}
