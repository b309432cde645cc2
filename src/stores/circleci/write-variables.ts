import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { valueFor } from '../../lib/store/value-for.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import { nameProblem, valueProblem } from './variable-problems.ts';
import type { VariablesApi } from './variables-api.ts';

interface Wish {
  readonly field: string;
  readonly value: Secret;
}

/**
 * Everything is looked at before the first variable is written, since CircleCI writes one at a time, and would make
 * those that are not there.
 * @throws RotationError REFUSED, NOT_FOUND before anything was written; INDETERMINATE
 */
export async function writeVariables(
  slot: Slot,
  values: Fields<Secret>,
  {
    api,
    place,
    signal,
  }: { readonly api: VariablesApi; readonly place: string; readonly signal: AbortSignal },
): Promise<void> {
  const wishes = slot.fields.map((field): Wish => ({ field, value: valueFor(values, field, place) }));
  for (const { field, value } of wishes) {
    const reason = nameProblem(field) ?? valueProblem(value);
    if (reason !== undefined) throw refusal('REFUSED', `${place}#${field}`, reason);
  }
  const there = await api.list(signal);
  for (const { field } of wishes) {
    if (there?.has(field) === true) continue;
    throw refusal('NOT_FOUND', `${place}#${field}`, 'there is no such variable, and keyturn makes none');
  }
  await writeOneByOne(wishes, ({ field, value }) => api.put(field, value, signal), place);
}

function refusal(code: 'REFUSED' | 'NOT_FOUND', subject: string, reason: string): RotationError {
  return new RotationError(code, { subject, action: 'write the variable', reason });
}
