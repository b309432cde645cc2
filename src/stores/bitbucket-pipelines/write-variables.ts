import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { oldValues } from '../../lib/store/old-values.ts';
import { refuseIfOvertaken } from '../../lib/store/shown-drift.ts';
import { valueFor } from '../../lib/store/value-for.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import { pickVariable } from './pick-variable.ts';
import type { Variable, VariablesApi } from './variables-api.ts';

interface Wish {
  readonly field: string;
  readonly variable: Variable;
  readonly value: Secret;
}

interface Surroundings {
  readonly api: VariablesApi;
  readonly place: string;
  /** Names of variables that need not be secured. */
  readonly shown: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Everything is looked at before the first variable is written, since Bitbucket writes one at a time.
 * @throws RotationError REFUSED, NOT_FOUND before anything was written; INDETERMINATE
 */
export async function writeVariables(
  slot: Slot,
  values: Fields<Secret>,
  surroundings: Surroundings,
): Promise<void> {
  await setValues(await wishesFor(slot, values, surroundings), surroundings);
}

/** @throws RotationError as a write does; DRIFT when a variable whose value is shown is somebody else's by now */
export async function restoreVariables(
  slot: Slot,
  restoration: Restoration,
  surroundings: Surroundings,
): Promise<void> {
  const { place } = surroundings;
  const wishes = await wishesFor(slot, oldValues(restoration, place, 'Bitbucket'), surroundings);
  const now = wishes.flatMap(({ field, variable }): [string, string][] =>
    variable.value === undefined ? [] : [[field, variable.value]],
  );
  refuseIfOvertaken(Object.fromEntries(now), restoration, place);
  await setValues(wishes, surroundings);
}

async function wishesFor(
  slot: Slot,
  values: Fields<Secret>,
  { api, place, shown, signal }: Surroundings,
): Promise<readonly Wish[]> {
  const variables = await api.list(signal);
  return slot.fields.map((field): Wish => {
    const about = { subject: `${place}#${field}`, action: 'write the variable' };
    const value = valueFor(values, field, place);
    const picked = pickVariable(field, variables, shown);
    if ('variable' in picked) return { field, variable: picked.variable, value };
    const { code, reason, hint } = picked;
    throw new RotationError(code, { ...about, reason, hint });
  });
}

async function setValues(wishes: readonly Wish[], { api, place, signal }: Surroundings): Promise<void> {
  await writeOneByOne(wishes, ({ variable, value }) => api.setValue(variable, value, signal), place);
}
