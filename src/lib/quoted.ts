import { redactor } from './redactor.ts';

/** An error is a sentence, and not a page. */
const LONGEST = 200;

/**
 * What another system says, as an error may quote it: without secrets, and of a sane length. In this order: of a value
 * that it repeats to us and that is cut, the half that is left would not be known as one any more.
 */
export function quoted(text: string, longest = LONGEST): string {
  return redactor.redact(text).slice(0, longest);
}
