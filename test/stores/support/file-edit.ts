import fc from 'fast-check';
import { isRotationError } from '../../../src/core/errors/rotation-error.ts';
import { loadNotation } from '../../../src/stores/file/load-notation.ts';
import type { NotationName } from '../../../src/stores/file/notation-names.ts';
import { pathFormat } from '../../../src/stores/file/path-format.ts';

/** Signs that mean something in one notation or another. */
const SIGNS = [
  ...['a', 'Z', '9', '_', '+', '/', '=', '.', '-', '~', '*', '&', '!', '|', '>', '%', '@', '`', '?', ','],
  ...["'", '"', '"""', "'''", '\\', '\\n', '\\u0041', '$', '#', ' #', ';', ' ;', ':', ': ', ' ', '  '],
  ...['\n', '\n\n', '\n ', '\r', '\r\n', '\t', '\u0007', '\u007f', '\u0085', '\u2028', '\uFEFF', '\u00a0'],
  ...[
    'é',
    '🔑',
    '{',
    '}',
    '[',
    ']',
    '---',
    '- ',
    '<<',
    'null',
    'true',
    '12',
    '0x1',
    '1e3',
    'ENC[AES256_GCM,',
  ],
];

export const anyValue = fc.oneof(
  fc.array(fc.constantFrom(...SIGNS), { minLength: 1, maxLength: 16 }).map((signs) => signs.join('')),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
);

/** What a key usually looks like. */
export const plainValue = fc.stringMatching(/^[A-Za-z0-9_+/=.-]{1,60}$/);

/** Two values that differ in a pair, the first in the place of the old one. */
export interface FileFormat {
  read(text: string, field: string): string | undefined;
  edit(text: string, field: string, value: string): string;
  /** The edited text, or undefined where the value was refused. */
  tryEdit(text: string, field: string, value: string): string | undefined;
}

export async function fileFormat(name: NotationName): Promise<FileFormat> {
  const format = pathFormat(await loadNotation(name));
  const edit = (text: string, field: string, value: string): string =>
    format.edit(text, new Map([[field, value]]), 'file');
  return {
    read: (text, field) => format.valueOf(text, field, 'file'),
    edit,
    tryEdit: (text, field, value) => {
      try {
        return edit(text, field, value);
      } catch (error) {
        if (!isRotationError(error, 'REFUSED')) throw error;
        return undefined;
      }
    },
  };
}

/** A file around the place of one value. */
export interface Place {
  readonly head: string;
  readonly old: string;
  readonly tail: string;
}

/** Cuts a text at `«` and `»`. */
export function place(text: string): Place {
  const [head = '', old = '', tail = ''] = text.split(/[«»]/);
  return { head, old, tail };
}

export const whole = ({ head, old, tail }: Place): string => head + old + tail;

/** The spelling in the edited text; undefined when a byte before or behind it is another one. */
export function spellingIn(edited: string, { head, tail }: Place): string | undefined {
  const kept = edited.startsWith(head) && edited.endsWith(tail) && edited.length >= head.length + tail.length;
  return kept ? edited.slice(head.length, edited.length - tail.length) : undefined;
}
