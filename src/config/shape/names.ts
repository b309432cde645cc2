import { kindOf, quoted } from './issue.ts';
import type { KnownNames } from './reading.ts';
import { note, refuse, type Shape } from './shape.ts';

/** Names go into step ids, file names and reports: no separators, nothing that needs quoting. */
export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
export const NAME_RULE =
  'letters, digits, dots, dashes and underscores, at most 100, beginning with a letter or digit';

const LABELS: Readonly<Record<keyof KnownNames, string>> = { stores: 'store', keys: 'key', waves: 'wave' };

/** A new name. */
export function name(description: string): Shape<string> {
  return {
    schema: { type: 'string', pattern: NAME_PATTERN.source, description },
    read: (value, reading) =>
      typeof value === 'string' && NAME_PATTERN.test(value)
        ? value
        : refuse(reading, { message: 'is not a name', expected: NAME_RULE }),
  };
}

/** The name of something that is defined elsewhere in the inventory. */
export function nameOf(kind: keyof KnownNames, description: string): Shape<string> {
  const label = LABELS[kind];
  return {
    schema: { type: 'string', description },
    read: (value, reading) => {
      const known = reading.names[kind];
      if (typeof value !== 'string') {
        const message = `must be the name of a ${label}, not ${kindOf(value)}`;
        return refuse(reading, { message, expected: `the name of a ${label}` });
      }
      if (known === undefined || known.has(value)) return value;
      const message = `there is no ${label} ${quoted(value)}`;
      const expected =
        known.size > 0 && known.size <= 8 ? { expected: `one of ${[...known].join(', ')}` } : {};
      note(reading, { message, ...expected, misspelt: { name: value, among: known } });
      return value;
    },
  };
}
