import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import type { Variable } from './variable.ts';
import type { VariableApi } from './variable-api.ts';

/** A variable as it stands: the value belongs to exactly this version. */
export interface Observed extends Variable {
  readonly number: number;
  /** Undefined while the variable has no value. */
  readonly value: Secret | undefined;
}

/** Reads the version first and then that very version, so that a write in between cannot mix the two. */
export async function observe(
  api: VariableApi,
  variable: Variable,
  signal: AbortSignal,
): Promise<Observed | undefined> {
  const resource = await api.describe(variable.id, signal);
  if (resource === undefined) return undefined;
  const { highest } = resource;
  return {
    ...variable,
    number: highest,
    value: highest === 0 ? undefined : await api.value(variable.id, highest, signal),
  };
}

/** @throws RotationError NOT_FOUND when one of them does not exist: variables come from policy, not from a write. */
export async function observeAll(
  api: VariableApi,
  name: string,
  variables: readonly Variable[],
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  return Promise.all(
    variables.map(async (variable) => {
      const observed = await observe(api, variable, signal);
      if (observed !== undefined) return observed;
      throw new RotationError('NOT_FOUND', {
        subject: `${name}/${variable.id}`,
        hint: 'Declare the variable in policy and grant this identity `read`, `execute` and `update` on it.',
      });
    }),
  );
}
