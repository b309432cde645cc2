import { join } from 'node:path';
import type { Fields } from '../../core/credential.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import { makeEmulatedFolder, refInside } from '../../lib/text-file/emulator/emulated-folder.ts';
import { editEntries } from './edit-entries.ts';
import { type Entry, scanEntries } from './scan-entries.ts';

/** What editors and people leave in env files; each line has broken some tool. */
const NEIGHBOURS = [
  '\uFEFF# settings of a service; the team’s ☕ file',
  '',
  'export NODE_ENV=production',
  "GREETING='it is # not a comment'",
  'URL="https://example.test/?a=b&c=d" # the shop',
  'CERTIFICATE="line one',
  '  NOT_A_KEY=within quotes',
  'line three"',
  'EMPTY=',
  'yaml: style',
  ' spaced = out \t',
  '# OLD_KEY=commented out',
  'TEMPLATE=`both "kinds" of \'quotes\'`',
].join('\r\n');

/** How the slot's own entries are written; the first for the first field, and so on. */
const styles = (key: string) => [`export ${key}="" # rotated`, `${key} = # rotated`, `${key}=''`];

/** A folder of env files. */
export async function startDotenvEmulator(): Promise<StoreEmulator> {
  const folder = makeEmulatedFolder('dotenv');

  return {
    options: () => ({ root: folder.root }),
    resolve: () => undefined,
    sampleSlot: (name, fields) => ({
      ref: join(name, '.env'),
      fields: fields.map((field) => (field === '' ? 'API_KEY' : field)),
    }),
    seed: async (slot, values) => {
      const ref = refInside(slot.ref);
      let text = folder.has(ref) ? folder.load(ref) : NEIGHBOURS;
      const keys = new Set(scanEntries(text).map((entry) => entry.key));
      for (const [index, key] of Object.keys(values).entries()) {
        const lines = styles(key);
        if (!keys.has(key)) text += `\r\n${lines[index % lines.length]}`;
      }
      folder.place(ref, editEntries(text, new Map(Object.entries(values)), slot.ref));
      return { ...slot, ref };
    },
    peek: async ({ ref, fields }) =>
      folder.has(ref) ? valuesOf(scanEntries(folder.load(ref)), fields) : undefined,
    neighbours: async ({ ref, fields }) =>
      JSON.stringify({
        text: blanked(folder.load(ref), fields),
        mode: folder.mode(ref),
        folder: folder.files(),
      }),
    overwrite: async ({ ref }, values) => {
      folder.place(ref, editEntries(folder.load(ref), new Map(Object.entries(values)), ref));
    },
    ...folder.wire,
    effects: folder.effects,
    stop: folder.stop,
  };
}

function valuesOf(entries: readonly Entry[], fields: readonly string[]): Fields<string> {
  const found = entries.filter((entry) => fields.includes(entry.key));
  return Object.fromEntries(found.map((entry) => [entry.key, entry.value]));
}

/** The text without the values (and quotes) of the slot's fields. */
function blanked(text: string, fields: readonly string[]): string {
  const entries = scanEntries(text).filter((entry) => fields.includes(entry.key));
  return entries.reduceRight((rest, entry) => `${rest.slice(0, entry.start)}…${rest.slice(entry.end)}`, text);
}
