import { RotationError } from '../core/errors/rotation-error.ts';
import type { Finding } from '../core/finding.ts';
import { createFold } from '../core/rotation/fold.ts';
import type { RotationState } from '../core/rotation/state.ts';
import type { RotationStorage } from '../engine/storage.ts';

/** What the journal of one rotation says. @throws RotationError NOT_FOUND, REFUSED (damaged) */
export async function readState(storage: RotationStorage, rotationId: string): Promise<RotationState> {
  const fold = createFold();
  let begun = false;
  for await (const entry of storage.entries(rotationId)) {
    fold.apply(entry);
    begun = true;
  }
  if (begun) return fold.state();
  throw new RotationError('NOT_FOUND', {
    subject: `rotation ${rotationId}`,
    reason: 'it was never begun: its journal is empty',
    hint: 'Nothing was touched by it. List the others with `keyturn rotations`.',
  });
}

export interface RotationListing {
  readonly states: readonly RotationState[];
  /** Journals that could not be read, with the reason. */
  readonly damaged: readonly { readonly rotationId: string; readonly message: string }[];
}

/** Every rotation of this state folder, newest first. One damaged journal does not hide the others. */
export async function listRotations(storage: RotationStorage): Promise<RotationListing> {
  const states: RotationState[] = [];
  const damaged: { rotationId: string; message: string }[] = [];
  for (const rotationId of [...(await storage.rotationIds())].reverse()) {
    try {
      states.push(await readState(storage, rotationId));
    } catch (error) {
      if (!(error instanceof RotationError)) throw error;
      if (error.code !== 'NOT_FOUND') damaged.push({ rotationId, message: error.message });
    }
  }
  return { states, damaged };
}

/**
 * The rotation meant when no id is given: the only one that has not ended.
 * @throws RotationError REFUSED when there is none, or more than one
 */
export async function onlyOpenRotation(storage: RotationStorage): Promise<string> {
  const { states } = await listRotations(storage);
  const open = states.filter((state) => state.ended === undefined);
  const [only, another] = open;
  if (only !== undefined && another === undefined) return only.rotationId;
  throw new RotationError('REFUSED', {
    subject: 'which rotation',
    reason:
      only === undefined
        ? 'none is open'
        : `${open.length} are open: ${open.map((state) => state.rotationId).join(', ')}`,
    hint: only === undefined ? 'Begin one with `keyturn rotate KEY`.' : 'Name one of them.',
  });
}

/** What holds a key: whoever plans hears of it now, and not as LOCKED when the plan is run. */
export async function openRotationsOf(storage: RotationStorage, key: string): Promise<Finding[]> {
  const { states } = await listRotations(storage);
  const open = states.filter((state) => state.key === key && state.ended === undefined);
  return open.map(({ rotationId: id }) => ({
    severity: 'warning',
    code: 'LOCKED',
    subject: `key ${key}`,
    message: `rotation ${id} has begun and not ended; until it has, no other one can begin`,
    hint: `Carry it on with \`keyturn resume ${id}\` or take it back with \`keyturn rollback ${id}\`.`,
  }));
}
