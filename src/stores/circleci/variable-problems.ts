import { WHOLE } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';

/** Why CircleCI has no variable of this name, or undefined. */
export function nameProblem(field: string): string | undefined {
  if (field === WHOLE) return 'the target names no `field`: each variable of a place has a name';
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(field)) return undefined;
  return 'names of variables hold letters, digits and `_`, and do not begin with a digit';
}

/** CircleCI blanks secrets out of the output of jobs, but not these: they would be there for everybody to read. */
export function valueProblem(value: Secret): string | undefined {
  const text = value.reveal();
  if (text.length < 4)
    return 'it has less than four characters, and CircleCI would show it in the output of jobs';
  if (/^(?:true|false)$/i.test(text)) return 'CircleCI does not mask true and false in the output of jobs';
  return undefined;
}
