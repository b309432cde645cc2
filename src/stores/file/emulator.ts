import { join } from 'node:path';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import { stepsOf } from '../../lib/json-path.ts';
import { makeEmulatedFolder, refInside } from '../../lib/text-file/emulator/emulated-folder.ts';
import { type EmulatedValue, emulatedText, withValue } from './emulated-text.ts';
import { loadNotation } from './load-notation.ts';
import type { Found } from './notation.ts';
import { type NotationName, notationOf } from './notation-names.ts';
import { optionsSchema } from './options.ts';
import { pathFormat } from './path-format.ts';

/** A folder of files of settings. */
export async function startFileEmulator(): Promise<StoreEmulator> {
  const folder = makeEmulatedFolder('file');
  const known = new Map<string, EmulatedValue>();
  let format: NotationName | undefined;

  const nameOf = (ref: string): NotationName => format ?? notationOf(ref) ?? 'json';

  const look = async ({ ref, fields }: Slot): Promise<readonly [string, Found][]> => {
    const document = (await loadNotation(nameOf(ref))).parse(folder.load(ref), ref);
    return fields.map((field) => [field, document.at(stepsOf(field))]);
  };

  const put = async (ref: string, values: Readonly<Record<string, string>>): Promise<void> => {
    const { edit } = pathFormat(await loadNotation(nameOf(ref)));
    folder.place(ref, edit(folder.load(ref), new Map(Object.entries(values)), ref));
  };

  const valuesIn = async (slot: Slot): Promise<Record<string, string>> => {
    const found = await look(slot);
    return Object.fromEntries(
      found.flatMap(([field, each]) => (each.kind === 'text' ? [[field, each.value]] : [])),
    );
  };

  return {
    options: (original) => {
      format = original === undefined ? undefined : optionsSchema.parse(original).format;
      return { root: folder.root, ...(format === undefined ? {} : { format }) };
    },
    resolve: () => undefined,
    sampleSlot: (name, fields) => ({
      ref: join(name, 'settings.yaml'),
      fields: fields.map((field) => (field === '' ? 'API_KEY' : field)),
    }),
    seed: async (slot, values) => {
      const ref = refInside(slot.ref);
      const fields = Object.keys(values);
      const before = folder.has(ref) ? await valuesIn({ ref, fields }) : {};
      let all = known.get(ref) ?? {};
      for (const field of fields) all = withValue(all, stepsOf(field), values[field] ?? '');
      if (fields.some((field) => before[field] === undefined)) {
        folder.place(ref, emulatedText(nameOf(ref), all));
      }
      known.set(ref, all);
      await put(ref, values);
      return { ...slot, ref };
    },
    peek: async (slot) => (folder.has(slot.ref) ? valuesIn(slot) : undefined),
    neighbours: async (slot) =>
      JSON.stringify({
        text: blanked(folder.load(slot.ref), await look(slot)),
        mode: folder.mode(slot.ref),
        folder: folder.files(),
      }),
    overwrite: ({ ref }, values) => put(ref, values),
    ...folder.wire,
    effects: folder.effects,
    stop: folder.stop,
  };
}

/** The text without the values (and quotes) of the slot's fields. */
function blanked(text: string, found: readonly [string, Found][]): string {
  const places = found.flatMap(([, each]) => (each.kind === 'text' ? [each] : []));
  return places
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end }) => `${rest.slice(0, start)}…${rest.slice(end)}`, text);
}
