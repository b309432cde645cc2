import type { ErrorCode } from '../../core/errors/codes.ts';
import type { ErrorContext } from '../../core/errors/definitions.ts';
import type { EnvVar } from './env-vars-api.ts';

/** The one variable that a field means, or why there is none to write. */
export type Picked =
  | { readonly variable: EnvVar }
  | { readonly code: ErrorCode; readonly reason: string; readonly hint: NonNullable<ErrorContext['hint']> };

const FIELD = /^([A-Za-z_][A-Za-z0-9_]*)(?:@(.+))?$/s;

/** `*` cannot be in the name of a branch. */
const ALL_BRANCHES = '*';

/**
 * A name alone is enough as long as only one variable has it: with several, the others would keep the old key unseen.
 * A public variable is picked only when its name is among the `shown`.
 */
export function pickVariable(field: string, variables: readonly EnvVar[], shown: readonly string[]): Picked {
  const meant = meantBy(field, variables);
  if (meant === undefined) {
    return {
      code: 'REFUSED',
      reason: field === '' ? 'the target names no `field`' : `${field} is no name of a variable`,
      hint: 'Write NAME, NAME@branch, or NAME@* for the variable of all branches.',
    };
  }
  const [only, another] = meant;
  if (only === undefined) return absent(field, variables);
  if (another !== undefined) {
    return {
      code: 'CONFLICT',
      reason: `there are ${meant.length} variables of this name: ${meant.map(labelOf).join(', ')}`,
      hint: 'List each of them that holds the key as a field of its own.',
    };
  }
  return only.public && !shown.includes(only.name) ? exposed(only) : { variable: only };
}

export const ONE_TWICE = 'two of its fields are the same variable';

/** `KEY` and `KEY@*`, where there is no other of that name. */
export function haveOneTwice(picked: readonly Picked[]): boolean {
  const ids = picked.flatMap((each) => ('variable' in each ? [each.variable.id] : []));
  return new Set(ids).size < ids.length;
}

/** Every variable that a field may mean; undefined when it is no name. */
export function meantBy(field: string, variables: readonly EnvVar[]): readonly EnvVar[] | undefined {
  const [, name, branch] = FIELD.exec(field) ?? [];
  if (name === undefined) return undefined;
  const wanted = branch === ALL_BRANCHES ? null : branch;
  return variables.filter((each) => each.name === name && (wanted === undefined || each.branch === wanted));
}

/** How a field would have to call it. */
export function labelOf({ name, branch }: EnvVar): string {
  return `${name}@${branch ?? ALL_BRANCHES}`;
}

function absent(field: string, variables: readonly EnvVar[]): Picked {
  const others = variables.filter(({ name }) => name === field.split('@')[0]).map(labelOf);
  const instead = others.length === 0 ? '' : `; there is ${others.join(', ')}`;
  return {
    code: 'NOT_FOUND',
    reason: `there is no variable ${field}${instead}, and keyturn makes none`,
    hint: 'Add it once in the settings of the repository, with any value, not shown in the build log.',
  };
}

function exposed(variable: EnvVar): Picked {
  return {
    code: 'REFUSED',
    reason: `${labelOf(variable)} is public: Travis CI shows its value in the log of every build`,
    hint: 'A secret must not be there. Delete it in the settings of the repository and add it again, not shown in the build log; what it holds now counts as leaked. If it is a key id and no secret, name it in `shown` of the store.',
  };
}
