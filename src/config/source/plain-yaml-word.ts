import { Decline } from './plain-yaml-decline.ts';

/** Only words that begin so can be anything but text: null, true, false, `~` and numbers. */
const SPECIAL = new Set([...'0123456789+-.~nNtTfF'].map((each) => each.charCodeAt(0)));

const CONSTANTS: ReadonlyMap<string, null | boolean> = new Map([
  ['~', null],
  ...['null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);

/** `12`, `-3`: written as everybody writes them, and exact. */
const WHOLE_NUMBER = /^-?(?:0|[1-9][0-9]{0,14})$/;

/** All other spellings of numbers in YAML (octal, underscores, exponents, infinities). */
const OTHER_NUMBER =
  /^[-+]?(?:0[box][0-9a-f_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|\.[0-9_]+(?:e[-+]?[0-9]+)?|\.inf|\.nan)$/i;

type Word = string | number | boolean | null;

/** What a plain word means: text, a number, true, false or null. */
export function resolveWord(word: string): Word {
  if (!SPECIAL.has(word.charCodeAt(0))) return word;
  const constant = CONSTANTS.get(word);
  if (constant !== undefined) return constant;
  if (WHOLE_NUMBER.test(word)) return Number(word);
  if (OTHER_NUMBER.test(word)) throw new Decline();
  return word;
}

/**
 * An inventory says the same few words ten thousand times (names of fields, stores, waves): those it has seen lately it
 * neither copies nor resolves again. This halves the time of reading, most of which is memory.
 */
export interface WordCache {
  /** `hash` is the caller's, who has looked at each character anyway. */
  read(text: string, start: number, end: number, hash: number): Word;
}

const SLOTS = 1024;
const LONGEST = 40;

export function createWordCache(): WordCache {
  const written: (string | undefined)[] = new Array(SLOTS).fill(undefined);
  const meant: Word[] = new Array(SLOTS).fill(null);
  return {
    read: (text, start, end, hash) => {
      const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
      const known = written[slot];
      if (known !== undefined && known.length === end - start && text.startsWith(known, start)) {
        return meant[slot] ?? null;
      }
      const word = text.slice(start, end);
      const meaning = resolveWord(word);
      if (word.length <= LONGEST) {
        written[slot] = word;
        meant[slot] = meaning;
      }
      return meaning;
    },
  };
}
