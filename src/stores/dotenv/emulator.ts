import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Fields } from '../../core/credential.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
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

/** A folder of env files. There is no wire: what can go wrong is what a file system does. */
export async function startDotenvEmulator(): Promise<StoreEmulator> {
  const root = mkdtempSync(join(tmpdir(), 'keyturn-dotenv-'));
  /** Path → what the file was when it was last looked at; undefined once it is gone. */
  const known = new Map<string, string | undefined>();
  let changes = 0;

  const pathOf = (slot: Slot): string => join(root, slot.ref);
  const load = (slot: Slot): string => readFileSync(pathOf(slot), 'utf8');

  /** Looks for files that are not what they were; each counts as one effect. */
  const look = (): void => {
    for (const path of [...new Set([...filesBelow(root), ...known.keys()])]) {
      const now = fileState(path);
      if (known.get(path) === now) continue;
      changes += 1;
      known.set(path, now);
    }
  };

  const place = (slot: Slot, text: string): void => {
    look();
    writeFileSync(pathOf(slot), text, { mode: 0o640 });
    known.set(pathOf(slot), fileState(pathOf(slot)));
  };

  return {
    options: () => ({ root }),
    resolve: () => undefined,
    sampleSlot: (name, fields) => ({
      ref: join(name, '.env'),
      fields: fields.map((field) => (field === '' ? 'API_KEY' : field)),
    }),
    seed: async (slot, values) => {
      // `/etc/x` and `../x` land below the folder as well.
      const inside = { ...slot, ref: join('/', slot.ref).slice(1) };
      mkdirSync(dirname(pathOf(inside)), { recursive: true });
      let text = existsSync(pathOf(inside)) ? load(inside) : NEIGHBOURS;
      const keys = new Set(scanEntries(text).map((entry) => entry.key));
      for (const [index, key] of Object.keys(values).entries()) {
        const lines = styles(key);
        if (!keys.has(key)) text += `\r\n${lines[index % lines.length]}`;
      }
      place(inside, editEntries(text, new Map(Object.entries(values)), slot.ref));
      return inside;
    },
    peek: async (slot) =>
      existsSync(pathOf(slot)) ? valuesOf(scanEntries(load(slot)), slot.fields) : undefined,
    neighbours: async (slot) =>
      JSON.stringify({
        text: blanked(load(slot), slot.fields),
        mode: statSync(pathOf(slot)).mode,
        folder: [...filesBelow(root)].sort(),
      }),
    overwrite: async (slot, values) => {
      place(slot, editEntries(load(slot), new Map(Object.entries(values)), slot.ref));
    },
    effects: () => {
      look();
      return changes;
    },
    stop: async () => rmSync(root, { recursive: true, force: true }),
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

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

function fileState(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const stats = statSync(path, { bigint: true });
  return `${stats.ino} ${stats.size} ${stats.ctimeNs}`;
}
