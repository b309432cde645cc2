import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import type { Place } from './place.ts';
import type { Variable } from './variable.ts';
import { keyProblem, type Problem, valueProblem } from './variable-problems.ts';
import type { VariablesApi } from './variables-api.ts';

/** One variable, and what is to stand in it. */
export interface Wish {
  readonly field: string;
  readonly value: Secret;
  readonly variable: Variable;
}

interface Surroundings {
  readonly api: VariablesApi;
  readonly kind: Place['kind'];
  readonly subject: string;
  readonly signal: AbortSignal;
}

/** Of an instance's variables; of projects and groups GitLab documents none. */
const LONGEST_OF_INSTANCE = 10_000;

/**
 * The variables as they are, each beside its new value.
 * @throws RotationError NOT_FOUND, REFUSED when one of them is not there
 */
export async function wishesFor(
  slot: Slot,
  values: Fields<Secret>,
  { api, subject, signal }: Surroundings,
): Promise<readonly Wish[]> {
  return Promise.all(
    slot.fields.map(async (field): Promise<Wish> => {
      const at = `${subject}#${field}`;
      const value = values[field];
      if (value === undefined) throw refusal('INTERNAL', at, { reason: 'a write without a value for it' });
      const reason = keyProblem(field);
      if (reason !== undefined) throw refusal('REFUSED', at, { reason });
      const variable = await api.get(field, signal);
      if (variable === undefined)
        throw refusal('NOT_FOUND', at, { reason: 'there is no such variable, and keyturn makes none' });
      return { field, value, variable };
    }),
  );
}

/**
 * Everything is looked at before the first variable is written, since GitLab writes one at a time.
 * @throws RotationError REFUSED, LIMIT_REACHED, NOT_FOUND before anything was written; INDETERMINATE
 */
export async function writeVariables(
  slot: Slot,
  values: Fields<Secret>,
  surroundings: Surroundings,
): Promise<void> {
  const wishes = await wishesFor(slot, values, surroundings);
  for (const wish of wishes) refuseUnfit(wish, surroundings);
  await setValues(wishes, surroundings);
}

/** What is seen to hold its value already is not written again; a hidden variable is, without harm. */
export async function setValues(
  wishes: readonly Wish[],
  { api, subject, signal }: Surroundings,
): Promise<void> {
  const changes = wishes.filter(({ value, variable }) => variable.value?.equals(value) !== true);
  await writeOneByOne(changes, ({ field, value }) => api.setValue(field, value, signal), subject);
}

function refuseUnfit({ field, value, variable }: Wish, { kind, subject }: Surroundings): void {
  const at = `${subject}#${field}`;
  const problem = valueProblem(value, variable);
  if (problem !== undefined) throw refusal('REFUSED', at, problem);
  const { length } = [...value.reveal()];
  if (kind !== 'instance' || length <= LONGEST_OF_INSTANCE) return;
  const reason = `the value has ${length} characters; GitLab takes ${LONGEST_OF_INSTANCE} in a variable of the instance`;
  throw refusal('LIMIT_REACHED', at, { reason });
}

function refusal(
  code: 'REFUSED' | 'NOT_FOUND' | 'LIMIT_REACHED' | 'INTERNAL',
  subject: string,
  problem: Pick<Problem, 'reason'> & Partial<Problem>,
): RotationError {
  return new RotationError(code, { subject, action: 'write the variable', ...problem });
}
