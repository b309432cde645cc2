import type { RotationState } from '../core/rotation/state.ts';
import { rollBackRotation } from '../engine/advance.ts';
import { openSession, type Session } from '../engine/session.ts';
import type { Dialog, GateDecision } from './dialog.ts';
import { driveToRest } from './drive.ts';
import { isOpen, type OpenRotation, withRotation } from './open-rotation.ts';
import { type RotationReport, reportOf } from './report.ts';
import { readState } from './rotations.ts';
import type { Runtime } from './runtime.ts';

/** Carries a paused, interrupted or crashed rotation on. @throws RotationError LOCKED, NOT_FOUND, REFUSED */
export function resumeRotation(
  runtime: Runtime,
  rotationId: string,
  dialog: Dialog,
): Promise<RotationReport> {
  return reopened(runtime, rotationId, dialog, (rotation) => driveToRest(runtime, rotation, dialog));
}

/** Takes everything back that can be. @throws RotationError REFUSED past the point of no return */
export function rollBack(runtime: Runtime, rotationId: string, dialog: Dialog): Promise<RotationReport> {
  return reopened(runtime, rotationId, dialog, ({ phases, driver, finish }) =>
    rollBackRotation(phases, driver, finish, 'asked for by `keyturn rollback`'),
  );
}

/** Opens the gate and carries on; evidence that fails still holds it shut unless the decision says otherwise. */
export function approveRotation(
  runtime: Runtime,
  rotationId: string,
  decision: GateDecision,
  dialog: Dialog,
): Promise<RotationReport> {
  return reopened(runtime, rotationId, dialog, async (rotation) => {
    await rotation.session.record({ type: 'gate.approved', phase: 'gate', ...decision });
    return driveToRest(runtime, rotation, dialog);
  });
}

type Work = (rotation: OpenRotation) => Promise<Parameters<typeof reportOf>[1]>;

async function reopened(
  runtime: Runtime,
  rotationId: string,
  dialog: Dialog,
  work: Work,
): Promise<RotationReport> {
  const state = await readState(runtime.storage, rotationId);
  const lock = await runtime.storage.acquireLock({
    key: state.key,
    rotationId,
    isOpen: (id) => isOpen(runtime.storage, id),
  });
  try {
    return await drive(runtime, await openSession(runtime.storage, rotationId, dialog.onEvent), lock, work);
  } finally {
    await lock.release();
  }
}

async function drive(
  runtime: Runtime,
  session: Session,
  lock: Parameters<typeof withRotation>[1],
  work: Work,
): Promise<RotationReport> {
  try {
    return await withRotation(runtime, lock, session, async (rotation) =>
      reportOf(session.state, await work(rotation)),
    );
  } finally {
    await session.close();
  }
}

/** Whether a rotation can go on by itself now: its wait is over, or nothing keeps it waiting. */
export function isDue(state: RotationState, now: number): boolean {
  if (state.ended !== undefined) return false;
  const waits = [...state.waits.values()].filter((wait) => !wait.over);
  return waits.every((wait) => now >= wait.until || now < wait.from);
}
