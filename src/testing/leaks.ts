import { inspect } from 'node:util';
import { expect } from 'vitest';

/** Remembers every plaintext of a test and looks for it, in any form, in what must not hold it. */
export interface LeakDetector {
  /** Gives the value back, so that it can be used where it is made. */
  watch(value: string): string;
  expectClean(thing: unknown): void;
}

export function createLeakDetector(): LeakDetector {
  const needles = new Set<string>();
  return {
    watch: (value) => {
      for (const form of formsOf(value)) needles.add(form);
      return value;
    },
    expectClean: (thing) => {
      const text = everythingPrintable(thing);
      const leaked = [...needles].filter((needle) => text.includes(needle));
      expect(leaked, 'plaintext found in an error or a receipt').toEqual([]);
    },
  };
}

/** Below this a fragment would be found by chance. */
const SHORTEST = 8;

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const forms = [
    value,
    ...value.split(/\r?\n/),
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    // A Buffer as JSON, and as `inspect` shows it.
    bytes.join(','),
    bytes.toString('hex').replace(/..(?=.)/g, '$& '),
  ];
  return forms.filter((form) => form.length >= SHORTEST);
}

function everythingPrintable(thing: unknown): string {
  const texts = [String(thing), json(thing), inspect(thing, { depth: Infinity, maxStringLength: null })];
  texts.push(
    inspect(thing, { depth: Infinity, showHidden: true, maxArrayLength: null, maxStringLength: null }),
  );
  for (let error = thing; error instanceof Error; error = error.cause) {
    texts.push(error.message, error.stack ?? '', json({ ...error }));
  }
  return texts.join('\n');
}

function json(thing: unknown): string {
  try {
    return JSON.stringify(thing) ?? '';
  } catch {
    // Circular: `inspect` has seen it.
    return '';
  }
}
