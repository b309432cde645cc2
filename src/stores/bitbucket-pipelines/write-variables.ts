import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { valueFor } from '../../lib/store/value-for.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import { pickVariable } from './pick-variable.ts';
import type { Variable, VariablesApi } from './variables-api.ts';

interface Wish {
  readonly variable: Variable;
  readonly value: Secret;
}

/**
 * Everything is looked at before the first variable is written, since Bitbucket writes one at a time.
 * @throws RotationError REFUSED, NOT_FOUND before anything was written; INDETERMINATE
 */
export async function writeVariables(
  slot: Slot,
  values: Fields<Secret>,
  {
    api,
    place,
    shown,
    signal,
  }: {
    readonly api: VariablesApi;
    readonly place: string;
    readonly shown: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const variables = await api.list(signal);
  const wishes = slot.fields.map((field): Wish => {
    const about = { subject: `${place}#${field}`, action: 'write the variable' };
    const value = valueFor(values, field, place);
    const picked = pickVariable(field, variables, shown);
    if ('variable' in picked) return { variable: picked.variable, value };
    const { code, reason, hint } = picked;
    throw new RotationError(code, { ...about, reason, hint });
  });
  await writeOneByOne(wishes, ({ variable, value }) => api.setValue(variable, value, signal), place);
}
