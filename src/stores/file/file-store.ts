import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Store } from '../../core/plugins/store.ts';
import { openTextFileStore } from '../../lib/text-file/text-file-store.ts';
import { loadNotation } from './load-notation.ts';
import { notationOf } from './notation-names.ts';
import type { FileOptions } from './options.ts';
import { pathFormat } from './path-format.ts';

/** Files of settings below one folder. A slot is a file and some of the values in it. */
export function openFileStore({ root, format }: FileOptions, ctx: OpenContext): Store {
  return openTextFileStore(
    {
      root,
      formatOf: async ({ ref }, subject) => {
        const name = format ?? notationOf(ref);
        if (name !== undefined) return pathFormat(await loadNotation(name));
        throw new RotationError('CONFIG_INVALID', {
          subject,
          reason: 'its name does not tell how it is written',
          hint: 'Give `format` in the options of the store: json, yaml, toml or ini.',
        });
      },
    },
    ctx,
  );
}
