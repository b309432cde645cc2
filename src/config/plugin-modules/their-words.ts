import { redactor } from '../../lib/redactor.ts';

/** What somebody else's code has thrown, which may be anything: one line, without a value, cut to a sane length. */
export function theirWords(error: unknown): string {
  const text = error instanceof Error ? String(error.message) : 'it threw what is no error';
  return redactor.redact(text).replaceAll(/\s+/g, ' ').slice(0, 300);
}
