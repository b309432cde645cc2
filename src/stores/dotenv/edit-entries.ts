import { RotationError } from '../../core/errors/rotation-error.ts';
import { type Entry, scanEntries } from './scan-entries.ts';
import { spellings } from './spell-value.ts';

/**
 * Gives entries new values and leaves every other character as it is. Each edit is proved by parsing the new text: the
 * key has the value, and all other entries have theirs. A key that occurs more than once gets the value everywhere,
 * since readers differ in which of them they take.
 * @throws RotationError NOT_FOUND (no such key), REFUSED (encrypted, contradicting duplicates, not representable)
 */
export function editEntries(text: string, changes: ReadonlyMap<string, string>, subject: string): string {
  let edited = text;
  for (const [key, value] of changes) edited = editEntry(edited, key, value, subject);
  return edited;
}

function editEntry(text: string, key: string, value: string, subject: string): string {
  const before = scanEntries(text);
  const found = effectiveEntry(before, key, subject);
  if (found === undefined) {
    throw new RotationError('NOT_FOUND', { subject, reason: `it has no entry ${key}` });
  }
  if (found.value === value) return text;
  // A value that looks encrypted would be there, and nobody would get it back.
  for (const spelling of isEncrypted(value) ? [] : spellings(value, found)) {
    const edited = splice(text, before, key, spelling);
    if (isExactly(before, scanEntries(edited), key, value)) return edited;
  }
  throw new RotationError('REFUSED', {
    subject,
    reason: `the new value of ${key} cannot be written in an env file so that every reader gets it back`,
    hint: 'Its quotes, backslashes or line ends have no spelling there. Use a value without them, or another store.',
  });
}

/**
 * The entry whose value counts, undefined when there is none.
 * @throws RotationError REFUSED when it is encrypted by dotenvx, or when entries of the same key contradict each other
 */
export function effectiveEntry(entries: readonly Entry[], key: string, subject: string): Entry | undefined {
  const all = entries.filter((entry) => entry.key === key);
  const last = all.at(-1);
  if (last === undefined) return undefined;
  if (all.some((entry) => isEncrypted(entry.value))) {
    throw new RotationError('REFUSED', {
      subject,
      reason: `${key} is encrypted by dotenvx; a plain value would take its place unprotected`,
      hint: `Set it with \`dotenvx set ${key}\`, or keep this key in another store.`,
    });
  }
  if (all.some((entry) => entry.value !== last.value)) {
    throw new RotationError('REFUSED', {
      subject,
      reason: `${key} occurs ${all.length} times with different values, and readers differ in which one they take`,
      hint: 'Leave one of them in the file.',
    });
  }
  return last;
}

/** What dotenvx leaves in place of a value. */
function isEncrypted(value: string): boolean {
  return value.startsWith('encrypted:');
}

function splice(text: string, entries: readonly Entry[], key: string, spelling: string): string {
  let result = '';
  let at = 0;
  for (const entry of entries) {
    if (entry.key !== key) continue;
    result += text.slice(at, entry.start) + spelling;
    at = entry.end;
  }
  return result + text.slice(at);
}

function isExactly(before: readonly Entry[], after: readonly Entry[], key: string, value: string): boolean {
  return (
    before.length === after.length &&
    before.every((entry, index) => {
      const now = after[index];
      return now?.key === entry.key && now.value === (entry.key === key ? value : entry.value);
    })
  );
}
