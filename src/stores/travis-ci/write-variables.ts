import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { oldValues } from '../../lib/store/old-values.ts';
import { refuseIfOvertaken } from '../../lib/store/shown-drift.ts';
import { valueFor } from '../../lib/store/value-for.ts';
import { writeOneByOne } from '../../lib/store/write-one-by-one.ts';
import type { EnvVar, EnvVarsApi } from './env-vars-api.ts';
import { haveOneTwice, labelOf, ONE_TWICE, pickVariable } from './pick-variable.ts';
import { shellWord } from './shell-word.ts';

interface Writing {
  readonly api: EnvVarsApi;
  readonly place: string;
  /** Names of variables that may be public. */
  readonly shown: readonly string[];
  readonly signal: AbortSignal;
}

interface Wish {
  readonly field: string;
  readonly variable: EnvVar;
  /** As a word of a shell. */
  readonly value: Secret;
}

/**
 * Everything is looked at before the first variable is written. Name, branch and flag of a variable stay as they are.
 * @throws RotationError REFUSED, NOT_FOUND, CONFLICT before anything was written; INDETERMINATE
 */
export async function writeVariables(slot: Slot, values: Fields<Secret>, writing: Writing): Promise<void> {
  await setValues(await wishesFor(slot, values, writing), writing);
}

/** @throws RotationError as a write does; DRIFT when a public variable is somebody else's by now */
export async function restoreVariables(
  slot: Slot,
  restoration: Restoration,
  writing: Writing,
): Promise<void> {
  const { place } = writing;
  const old = oldValues(restoration, place, 'Travis CI');
  const wishes = await wishesFor(slot, old, writing);
  const now = wishes.flatMap(({ field, variable }): [string, string][] =>
    variable.value === undefined ? [] : [[field, variable.value]],
  );
  const known = { pushed: asWords(restoration.pushed), values: asWords(old) };
  refuseIfOvertaken(Object.fromEntries(now), known, place);
  await setValues(wishes, writing);
}

async function wishesFor(
  slot: Slot,
  values: Fields<Secret>,
  { api, place, shown, signal }: Writing,
): Promise<readonly Wish[]> {
  const words = new Map(
    slot.fields.map((field) => [field, wordFor(valueFor(values, field, place), `${place}#${field}`)]),
  );
  const variables = await api.list(signal);
  const wishes = [...words].map(
    ([field, value]): Wish => ({ field, variable: pick(field, variables, { place, shown }), value }),
  );
  if (haveOneTwice(wishes)) throw refused(place, ONE_TWICE);
  return wishes;
}

async function setValues(wishes: readonly Wish[], writing: Writing): Promise<void> {
  await writeOneByOne(wishes, (wish) => writeOne(wish, writing), writing.place);
  await assertStillThere(wishes, writing);
}

function asWords(values: Fields<Secret>): Fields<Secret> {
  const words = Object.entries(values).map(
    ([field, value]) => [field, new Secret(shellWord(value.reveal()))] as const,
  );
  return Object.fromEntries(words);
}

function wordFor(value: Secret, subject: string): Secret {
  const text = value.reveal();
  // It would be part of a line of the script that Travis CI makes of the build.
  if (/[\r\n\0]/.test(text)) throw refused(subject, 'the value has several lines; keep it there in base64');
  return new Secret(shellWord(text));
}

function pick(
  field: string,
  variables: readonly EnvVar[],
  { place, shown }: Pick<Writing, 'place' | 'shown'>,
): EnvVar {
  const picked = pickVariable(field, variables, shown);
  if ('variable' in picked) return picked.variable;
  const { code, ...why } = picked;
  throw new RotationError(code, { subject: `${place}#${field}`, action: 'write the variable', ...why });
}

async function writeOne({ variable, value }: Wish, { api, place, signal }: Writing): Promise<void> {
  const now = await api.setValue(variable, value, signal);
  if (now.id === variable.id && labelOf(now) === labelOf(variable) && now.public === variable.public) return;
  throw new RotationError('INDETERMINATE', {
    subject: `${place}#${labelOf(variable)}`,
    action: 'write the variable',
    reason:
      now.public && !variable.public ? 'it is public afterwards' : 'the answer is about another variable',
  });
}

/**
 * Travis CI keeps all variables of a repository in one document, and writes one by removing and adding it: of two
 * changes at the same time one may be lost, the variable with it.
 */
async function assertStillThere(wishes: readonly Wish[], { api, place, signal }: Writing): Promise<void> {
  const about = { subject: place, action: 'see whether the variables are still there' };
  let ids: ReadonlySet<string>;
  try {
    ids = new Set((await api.list(signal)).map(({ id }) => id));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RotationError('INDETERMINATE', { ...about, reason }, { cause });
  }
  const gone = wishes
    .filter(({ variable }) => !ids.has(variable.id))
    .map(({ variable }) => labelOf(variable));
  if (gone.length === 0) return;
  throw new RotationError('INDETERMINATE', {
    ...about,
    reason: `${gone.join(', ')} is gone after it was written: somebody changed the settings at the same time`,
    hint: 'Add it again in the settings of the repository, with any value, then run `keyturn resume`.',
  });
}

function refused(subject: string, reason: string): RotationError {
  return new RotationError('REFUSED', { subject, action: 'write the variable', reason });
}
