import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Store } from '../../core/plugins/store.ts';
import { openTextFileStore } from '../../lib/text-file/text-file-store.ts';
import type { TextFormat } from '../../lib/text-file/text-format.ts';
import { editEntries, effectiveEntry } from './edit-entries.ts';
import type { DotenvOptions } from './options.ts';
import { scanEntries } from './scan-entries.ts';

const ENV_FORMAT: TextFormat = {
  nameOf: (field) => `entry ${field}`,
  problemOf: (field) =>
    /^[\w.-]+$/.test(field)
      ? undefined
      : {
          reason:
            field === ''
              ? 'no field names an entry of the file'
              : `field ${field} cannot name an entry of a file`,
          hint: 'Give the key of the entry as `field`: letters, digits, `_`, `.` and `-`.',
        },
  valueOf: (text, field, subject) => effectiveEntry(scanEntries(text), field, subject)?.value,
  edit: editEntries,
};

/** Env files below one folder. A slot is a file and some of its keys. */
export function openDotenvStore({ root }: DotenvOptions, ctx: OpenContext): Store {
  return openTextFileStore({ root, formatOf: () => ENV_FORMAT }, ctx);
}
