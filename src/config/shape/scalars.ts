import { DURATION_PATTERN, formatDuration, parseDuration, type WrittenDuration } from '../../lib/duration.ts';
import { kindOf } from './issue.ts';
import { note, refuse, type Shape } from './shape.ts';

/** Text that is not empty. Numbers are not taken for text: an account number would lose its zeros. */
export function text(description: string): Shape<string> {
  return {
    schema: { type: 'string', minLength: 1, description },
    read: (value, reading) => {
      if (typeof value === 'string' && value !== '') return value;
      if (value === '') return refuse(reading, { message: 'must not be empty' });
      const quote = typeof value === 'number' || typeof value === 'boolean' ? '; put it in quotes' : '';
      return refuse(reading, { message: `must be text, not ${kindOf(value)}${quote}`, expected: 'text' });
    },
  };
}

export function flag(description: string): Shape<boolean> {
  return {
    schema: { type: 'boolean', description },
    read: (value, reading) =>
      typeof value === 'boolean'
        ? value
        : refuse(reading, {
            message: `must be true or false, not ${kindOf(value)}`,
            expected: 'true or false',
          }),
  };
}

export function wholeNumber(range: { min: number; max: number }, description: string): Shape<number> {
  const expected = `a whole number from ${range.min} to ${range.max}`;
  return {
    schema: { type: 'integer', minimum: range.min, maximum: range.max, description },
    read: (value, reading) => {
      const fits = Number.isSafeInteger(value) && typeof value === 'number';
      if (fits && value >= range.min && value <= range.max) return value;
      return refuse(reading, { message: `must be ${expected}`, expected });
    },
  };
}

export function oneOf<const T extends string>(choices: readonly T[], description: string): Shape<T> {
  const expected = choices.join(', ');
  return {
    schema: { enum: choices, description },
    read: (value, reading) => {
      const choice = choices.find((each) => each === value);
      if (choice !== undefined) return choice;
      const misspelt = typeof value === 'string' ? { misspelt: { name: value, among: choices } } : {};
      return refuse(reading, {
        message: `must be one of ${expected}`,
        expected: `one of ${expected}`,
        ...misspelt,
      });
    },
  };
}

/** Read to milliseconds. */
export function duration(
  range: { min?: WrittenDuration; max?: WrittenDuration },
  description: string,
): Shape<number> {
  const min = parseDuration(range.min ?? '0s');
  const max = parseDuration(range.max ?? '3650d');
  const expected = 'a duration such as 500ms, 30s, 5m, 2h or 7d';
  return {
    schema: { type: 'string', pattern: DURATION_PATTERN.source, description },
    read: (value, reading) => {
      const ms = typeof value === 'string' ? parseDuration(value) : undefined;
      if (ms === undefined) {
        const unit = typeof value === 'number' ? ': its unit is missing' : '';
        return refuse(reading, { message: `is not a duration${unit}`, expected });
      }
      if (ms >= min && ms <= max) return ms;
      note(reading, { message: `must be from ${formatDuration(min)} to ${formatDuration(max)}` });
      return ms;
    },
  };
}

const REFERENCE = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|exec:.+)$/;

/** Where a secret comes from. A literal is refused, and never repeated. */
export function reference(description: string): Shape<string> {
  const expected = 'env:NAME, file:PATH or exec:COMMAND';
  return {
    schema: { type: 'string', pattern: REFERENCE.source, description },
    read: (value, reading) =>
      typeof value === 'string' && REFERENCE.test(value)
        ? value
        : refuse(reading, { message: 'must be a reference to a secret, never the secret itself', expected }),
  };
}
