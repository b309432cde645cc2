import { randomBytes, randomInt } from 'node:crypto';
import type { TextOptions } from './options.ts';
import { WORDS } from './words.ts';

/** A new value. Every draw is uniform: `randomInt` rejects what would favour the first of a set. */
export function randomText(options: TextOptions): string {
  return options.prefix + withoutPrefix(options);
}

function withoutPrefix(options: TextOptions): string {
  switch (options.format) {
    case 'words':
      return drawn(WORDS, options.count).join(options.separator);
    case 'charset':
      return drawn([...options.charset], options.length).join('');
    case 'bytes':
      return randomBytes(options.bits / 8).toString('base64');
    default:
      return randomBytes(options.bits / 8).toString(options.format);
  }
}

function drawn(from: readonly string[], count: number): string[] {
  return Array.from({ length: count }).flatMap(() => {
    const at = randomInt(from.length);
    return from.slice(at, at + 1);
  });
}

/** Whether a value could have been made with these options. */
export function couldBe(value: string, options: TextOptions): boolean {
  if (!value.startsWith(options.prefix)) return false;
  const rest = value.slice(options.prefix.length);
  switch (options.format) {
    case 'words': {
      const words = rest.split(options.separator);
      return words.length === options.count && words.every((word) => WORDS.includes(word));
    }
    case 'charset':
      return rest.length === options.length && [...rest].every((char) => options.charset.includes(char));
    default: {
      const encoding = options.format === 'bytes' ? 'base64' : options.format;
      const bytes = Buffer.from(rest, encoding);
      // Decoding forgives what encoding never gives: only the same text again is proof.
      return bytes.length === options.bits / 8 && bytes.toString(encoding) === rest;
    }
  }
}
