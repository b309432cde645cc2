import { SECTIONS, type Section } from './schema/file-shapes.ts';
import { type IssueFile, quoted } from './shape/issue.ts';
import { NAME_PATTERN, NAME_RULE } from './shape/names.ts';
import type { Mapping } from './shape/object.ts';
import { note } from './shape/shape.ts';
import type { Notebook } from './source/notebook.ts';
import type { Sources } from './source/read-sources.ts';

/** A store, key, service or notifier as it stands in its file, not read yet. */
export interface Entry {
  readonly file: IssueFile;
  readonly value: unknown;
}

export type Entries = Readonly<Record<Section, ReadonlyMap<string, Entry>>>;

/** Puts the sections of all files together; a name that stands twice is a mistake, as one of the two would be lost. */
export function mergeEntries(contents: Sources['contents'], notebook: Notebook): Entries {
  const merged = {
    stores: new Map<string, Entry>(),
    keys: new Map<string, Entry>(),
    services: new Map<string, Entry>(),
    notifiers: new Map<string, Entry>(),
  };
  for (const { source, fields } of contents) {
    for (const section of SECTIONS) {
      addAll(fields[section] ?? {}, source, section, merged[section], notebook);
    }
  }
  return merged;
}

function addAll(
  section: Mapping,
  file: IssueFile,
  label: Section,
  into: Map<string, Entry>,
  notebook: Notebook,
): void {
  for (const name of Object.keys(section)) {
    const before = into.get(name);
    if (before !== undefined) {
      const other = { file: before.file, path: [label, name] };
      notebook.within(file, (reading) => {
        note(reading, {
          path: [label, name],
          at: 'key',
          message: `${quoted(name)} is already defined`,
          other,
        });
      });
    } else {
      if (!NAME_PATTERN.test(name)) {
        notebook.within(file, (reading) => {
          note(reading, { path: [label, name], at: 'key', message: 'is not a name', expected: NAME_RULE });
        });
      }
      into.set(name, { file, value: section[name] });
    }
  }
}
