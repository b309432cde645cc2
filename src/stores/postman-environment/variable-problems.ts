import type { ErrorCode } from '../../core/errors/codes.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import type { Environment, Variable } from './environment.ts';

/** Why a variable cannot be written. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

export function problemOf(environment: Environment, field: string): Problem | undefined {
  if (field === WHOLE) {
    return {
      code: 'CONFIG_INVALID',
      message: 'an environment is a list of variables, so the target needs a `field`',
      hint: 'Name the variable that holds the value.',
    };
  }
  const found = environment.variables.filter(({ key }) => key === field);
  const [only] = found;
  if (only === undefined) {
    return {
      code: 'NOT_FOUND',
      message: `it has no shared variable \`${field}\``,
      hint: 'Add it in Postman and share its value: local values are on one machine only, and keyturn makes no variables.',
    };
  }
  if (found.length > 1) {
    return {
      code: 'REFUSED',
      message: `it has ${found.length} variables named \`${field}\``,
      hint: 'Delete all but one: nobody can tell which of them is in use.',
    };
  }
  return only.fromVault ? FROM_VAULT(field) : undefined;
}

const FROM_VAULT = (field: string): Problem => ({
  code: 'REFUSED',
  message: `\`${field}\` takes its value from the Postman Vault, which the API does not write`,
  hint: 'Change it in the Vault, or make it a variable with a shared value.',
});

/** Exactly one variable of that name; see {@link problemOf}. */
export function variableOf(environment: Environment, field: string): Variable | undefined {
  const found = environment.variables.filter(({ key }) => key === field);
  return found.length === 1 ? found[0] : undefined;
}
