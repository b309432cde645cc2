import type { ErrorCode } from '../../core/errors/codes.ts';
import type { Variable } from './variables-api.ts';

/** The variable that a field means, or why there is none to write. */
export type Picked =
  | { readonly variable: Variable }
  | { readonly code: ErrorCode; readonly reason: string; readonly hint: string };

/** @param shown names of variables that need not be secured */
export function pickVariable(
  field: string,
  variables: readonly Variable[],
  shown: readonly string[],
): Picked {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(field)) {
    return {
      code: 'REFUSED',
      reason: field === '' ? 'the target names no `field`' : `${field} is no name of a variable`,
      hint: 'Names hold letters, digits and `_`, and do not begin with a digit.',
    };
  }
  const variable = variables.find(({ key }) => key === field);
  if (variable === undefined) {
    return {
      code: 'NOT_FOUND',
      reason: `there is no variable ${field}, and keyturn makes none`,
      hint: 'Add it once in Bitbucket, secured, with any value.',
    };
  }
  if (variable.secured || shown.includes(field)) return { variable };
  return {
    code: 'REFUSED',
    reason: `${field} is not secured: Bitbucket shows its value to everybody who may see it, and in logs`,
    hint: 'A secret must not be there. Delete it in Bitbucket and add it again, secured; what it holds now counts as leaked. If it is a key id and no secret, name it in `shown` of the store.',
  };
}
