import { WHOLE } from '../../core/plugins/store.ts';

/** GitHub takes any case and stores upper case. */
export function storedName(field: string): string {
  return field.toUpperCase();
}

/** Why GitHub has no secret of this name, or undefined. Two fields that differ only in case are one secret. */
export function nameProblem(field: string, fields: readonly string[]): string | undefined {
  if (field === WHOLE) return 'the target names no `field`: each secret of a place has a name';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(field)) {
    return 'names of secrets hold letters, digits and `_`, and do not begin with a digit';
  }
  const name = storedName(field);
  if (name.startsWith('GITHUB_')) return 'names that begin with GITHUB_ are GitHub’s own';
  const same = fields.filter((other) => storedName(other) === name);
  return same.length > 1 ? `${same.join(' and ')} are the same secret: case does not count` : undefined;
}
