import { RotationError } from '../../core/errors/rotation-error.ts';

/** What a path leads to in a document. */
export type Found =
  | { readonly kind: 'absent' }
  /** It is there, and cannot be edited safely. */
  | { readonly kind: 'unusable'; readonly reason: string; readonly hint?: string }
  | {
      readonly kind: 'text';
      readonly value: string;
      /** Of the value as written: the only characters an edit may touch. UTF-16 offsets. */
      readonly start: number;
      readonly end: number;
      /** Ways to write another value there, best first; whether one is right is for the parser to say. */
      readonly spell: (value: string) => readonly string[];
    };

export const ABSENT: Found = { kind: 'absent' };

/** A file that was understood. A path is a list of names and indices. */
export interface Document {
  at(steps: readonly string[]): Found;
  /** Everything but the value at the path, as text to compare. */
  beside(steps: readonly string[]): string;
}

/** A way to write files of settings. */
export interface Notation {
  /** @throws RotationError REFUSED when the text is not written in it */
  parse(text: string, subject: string): Document;
  /** Why no document could have such a path. */
  problemOf?(steps: readonly string[]): string | undefined;
}

/** `where` is a line or a code, never a piece of the text: it may be somebody's secret. */
export function malformed(subject: string, what: string, where: string): RotationError {
  return new RotationError('REFUSED', {
    subject,
    reason: `it is not ${what} (${where})`,
    hint: 'Correct the file, or say with `format` how it is written.',
  });
}

/** Counted from 1. */
export function lineAt(text: string, offset: number): string {
  return `line ${text.slice(0, offset).split(/\r\n|\n|\r/).length}`;
}

/** What is said of a value that is no text: every reader would be given another type. */
export function notText(kind: string): Found {
  return {
    kind: 'unusable',
    reason: `holds ${kind}, not a text`,
    hint: 'Put the value in quotes, or correct the path in `field`.',
  };
}

export function occursTwice(times: number): Found {
  return {
    kind: 'unusable',
    reason: `occurs ${times} times, and readers differ in which one they take`,
    hint: 'Leave one of them in the file.',
  };
}

/** The index a step stands for: `0`, `12`, but neither `01` nor `-1`. */
export function indexOf(step: string): number | undefined {
  return /^(0|[1-9]\d{0,9})$/.test(step) ? Number(step) : undefined;
}
