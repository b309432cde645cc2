import type { Entry, Quote } from './scan-entries.ts';

/** Needs no quotes in any reader: dotenv, docker, compose, systemd, a shell. */
const PORTABLE = /^[A-Za-z0-9_+=/@:.,~%^-]+$/;

/**
 * The ways to write a value, best first; whether one of them is right where it will stand is for the parser to say.
 * The quotes that are there stay where they can. Single quotes are the most literal in all readers; double quotes only
 * where nobody would expand or unescape anything; backquotes are known to few, and some readers execute `$(…)` in them.
 */
export function spellings(value: string, old: Pick<Entry, 'quote' | 'value'>): string[] {
  if (PORTABLE.test(value)) return unique([quoted(value, old.quote), value, quoted(value, "'")]);
  const wishes: string[] = [];
  // A file that kept its line breaks as `\n` keeps doing so.
  if (old.quote === '"' && isPlain(value)) wishes.push(quoted(escapeLineBreaks(value), '"'));
  if (!value.includes("'")) wishes.push(quoted(value, "'"));
  if (isPlain(value)) wishes.push(quoted(value, '"'));
  if (!value.includes('`') && !value.includes('$(')) wishes.push(quoted(value, '`'));
  // A carriage return survives in no other way.
  if (isPlain(value)) wishes.push(quoted(escapeLineBreaks(value), '"'));
  return unique(wishes);
}

/** Nothing in it means anything within double quotes. */
function isPlain(value: string): boolean {
  return !/["\\$`]/.test(value);
}

function escapeLineBreaks(value: string): string {
  return value.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function quoted(value: string, quote: Quote): string {
  return `${quote}${value}${quote}`;
}

function unique(wishes: readonly string[]): string[] {
  return [...new Set(wishes)];
}
