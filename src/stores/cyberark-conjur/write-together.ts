import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { type Observed, observe } from './observe.ts';
import type { VariableApi } from './variable-api.ts';
import type { Numbers } from './versions.ts';

export interface Change {
  readonly from: Observed;
  readonly to: Secret;
}

/** Putting back goes on when the rotation is asked to stop: half a pair must not stay behind. Each request has its time limit. */
const UNSTOPPABLE = new AbortController().signal;

/**
 * Writes all or none, as far as a service without transactions allows. Variables are written one after the other;
 * when one certainly failed, or somebody else wrote at the same time, those written before are put back.
 * Gives the version numbers afterwards, or undefined when they could not be seen.
 * @throws RotationError CONFLICT; INDETERMINATE when an answer was lost or putting back failed; what the failed write said otherwise
 */
export async function writeTogether(
  api: VariableApi,
  subject: string,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<Numbers | undefined> {
  const written: Change[] = [];
  for (const change of changes) {
    if (change.from.value?.equals(change.to) === true) continue;
    try {
      await api.put(change.from.id, change.to, signal);
    } catch (error) {
      throw await afterFailure(api, subject, written, error);
    }
    written.push(change);
  }
  const numbers = await numbersAfter(api, changes, signal);
  if (numbers === undefined) return undefined;

  const surprise = changes.filter(
    ({ from }) => (numbers.get(from.field) ?? 0) !== expectedAfter(from, written),
  );
  const overtaken = surprise.find(
    ({ from }) => (numbers.get(from.field) ?? 0) > expectedAfter(from, written),
  );
  if (overtaken !== undefined) {
    const conflict = new RotationError('CONFLICT', {
      subject,
      reason: `${overtaken.from.id} went from version ${overtaken.from.number} to ${numbers.get(overtaken.from.field)}`,
    });
    throw await afterFailure(api, subject, written, conflict);
  }
  // Lower than expected: a node that lags behind answered, and says nothing about our write.
  return surprise.length === 0 ? numbers : undefined;
}

function expectedAfter(from: Observed, written: readonly Change[]): number {
  return written.some((change) => change.from.id === from.id) ? from.number + 1 : from.number;
}

/** A failure to look is not a failure to write: the read-back that follows every push finds out. */
async function numbersAfter(
  api: VariableApi,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<Numbers | undefined> {
  try {
    const found = await Promise.all(
      changes.map(
        async ({ from }) => [from.field, (await api.describe(from.id, signal))?.highest ?? 0] as const,
      ),
    );
    return new Map(found);
  } catch {
    return undefined;
  }
}

async function afterFailure(
  api: VariableApi,
  subject: string,
  written: readonly Change[],
  error: unknown,
): Promise<unknown> {
  if (written.length === 0) return error;
  if (!isCertain(error))
    return indeterminate(subject, 'one variable was written, the answer for the next was lost', error);
  try {
    for (const change of written.toReversed()) await putBack(api, change);
    return error;
  } catch (cause) {
    return indeterminate(
      subject,
      'one variable was written, the next was not, and putting the first back failed',
      cause,
    );
  }
}

/** Whether the failed write certainly did nothing. */
function isCertain(error: unknown): boolean {
  return isRotationError(error) && error.code !== 'INDETERMINATE' && error.code !== 'INTERNAL';
}

function indeterminate(subject: string, reason: string, cause: unknown): RotationError {
  const because = isRotationError(cause) ? ` (${cause.message})` : '';
  return new RotationError('INDETERMINATE', { subject, reason: `${reason}${because}` }, { cause });
}

/** Brings back what stood right before our write, which is somebody else's value when they were quicker. */
async function putBack(api: VariableApi, { from, to }: Change): Promise<void> {
  const now = await observe(api, from, UNSTOPPABLE);
  // Somebody else's value stands there already: not ours to touch.
  if (now?.value?.equals(to) !== true) return;
  const previous = now.number > 1 ? await api.value(from.id, now.number - 1, UNSTOPPABLE) : undefined;
  if (previous === undefined) {
    throw new RotationError('REFUSED', {
      subject: from.id,
      reason: 'it had no value before, and Conjur cannot clear one',
    });
  }
  await api.put(from.id, previous, UNSTOPPABLE);
}
