import type { Fields } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { valueFor } from '../../lib/store/value-for.ts';
import type { Environment } from './environment.ts';
import type { EnvironmentApi, Replacement } from './environment-api.ts';
import { problemOf } from './variable-problems.ts';

/** Putting a neighbour right goes on when the rotation is asked to stop. Each request has its time limit. */
const UNSTOPPABLE = new AbortController().signal;

/**
 * Writes the values of a slot in one patch. A patch counts variables by their place in the list, so that somebody who
 * adds or removes one at the same moment makes it hit another: that is looked for, and put right.
 * @throws RotationError CONFLICT when another variable was hit, and is as it was; INDETERMINATE
 */
export async function replaceValues(
  api: EnvironmentApi,
  slot: Slot,
  values: Fields<Secret>,
  subject: string,
  signal: AbortSignal,
): Promise<void> {
  const before = await api.get(slot.ref, signal);
  if (before === undefined) {
    throw new RotationError('NOT_FOUND', { subject, action: 'write the variables' });
  }
  const replacements = slot.fields.map((field) =>
    replacementFor(before, field, valueFor(values, field, subject), subject),
  );
  const lost = await api.replace(slot.ref, replacements, signal).then(
    () => undefined,
    (error: unknown) => {
      if (!isRotationError(error, 'INDETERMINATE')) throw error;
      return error;
    },
  );
  // A write whose answer was lost may have hit another variable as well, and nobody would look for it later.
  await putNeighboursRight(api, slot, before, replacements, subject).catch((error: unknown) => {
    if (lost === undefined || !isRotationError(error, 'CONFLICT')) throw error;
    throw new RotationError('INDETERMINATE', error.context, { cause: lost });
  });
  if (lost !== undefined) throw lost;
}

function replacementFor(
  environment: Environment,
  field: string,
  value: Secret,
  subject: string,
): Replacement {
  const about = { subject: `${subject}#${field}`, action: 'write the variables' };
  const problem = problemOf(environment, field);
  if (problem !== undefined)
    throw new RotationError(problem.code, { ...about, reason: problem.message, hint: problem.hint });
  if (/\p{Surrogate}/u.test(value.reveal())) {
    const reason = 'the value holds half of a character, and would arrive as another value';
    throw new RotationError('REFUSED', { ...about, reason });
  }
  return { index: environment.variables.findIndex(({ key }) => key === field), value: value.reveal() };
}

async function putNeighboursRight(
  api: EnvironmentApi,
  slot: Slot,
  before: Environment,
  replacements: readonly Replacement[],
  subject: string,
): Promise<void> {
  const unseen = (reason: string, cause?: unknown): RotationError =>
    new RotationError('INDETERMINATE', { subject, action: 'look at what was written', reason }, { cause });
  let after: Environment | undefined;
  try {
    after = await api.get(slot.ref, UNSTOPPABLE);
  } catch (error) {
    if (!isRotationError(error)) throw error;
    throw unseen(`the write was accepted, but could not be looked at: ${error.message}`, error);
  }
  if (after === undefined) throw unseen('the environment is gone');

  const hit = neighboursHit(after, slot, replacements, before);
  if (hit.length === 0) return;
  const repairs = hit.map(({ index, key }): Replacement => {
    const old = before.variables.filter((variable) => variable.key === key);
    const [only] = old;
    if (only !== undefined && old.length === 1) return { index, value: only.value };
    throw unseen(
      `somebody changed the list of variables at the same moment, and the value went to \`${key}\`, whose own is not known: put it right by hand`,
    );
  });
  const names = hit.map(({ key }) => `\`${key}\``).join(', ');
  try {
    await api.replace(slot.ref, repairs, UNSTOPPABLE);
  } catch (error) {
    if (!isRotationError(error)) throw error;
    // Whatever it was, the write must not be sent again: it would take what is there now for the neighbour's own.
    throw unseen(
      `somebody changed the list of variables at the same moment, and the value went to ${names}, whose own could not be put back: put it right by hand (${error.message})`,
      error,
    );
  }
  const some = hit.length < replacements.length;
  throw new RotationError(some ? 'INDETERMINATE' : 'CONFLICT', {
    subject,
    action: 'write the variables',
    reason: `somebody changed the list of variables at the same moment; the value went to ${names}, which has its own again`,
  });
}

/** Variables that are not ours, and hold one of our values that they did not hold before; the list may have moved again. */
function neighboursHit(
  after: Environment,
  { fields }: Slot,
  replacements: readonly Replacement[],
  before: Environment,
): readonly { readonly index: number; readonly key: string }[] {
  const written = new Set(replacements.map(({ value }) => value));
  return after.variables.flatMap(({ key, value }, index) => {
    if (!written.has(value) || fields.includes(key)) return [];
    const held = before.variables.some((variable) => variable.key === key && variable.value === value);
    return held ? [] : [{ index, key }];
  });
}
