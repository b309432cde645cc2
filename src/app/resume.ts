import { RotationError } from '../core/errors/rotation-error.ts';
import type { RotationState } from '../core/rotation/state.ts';
import { type Advance, advance, rollBackRotation } from '../engine/advance.ts';
import { openSession, type Session } from '../engine/session.ts';
import { announceReport } from './announce.ts';
import type { Dialog, GateDecision } from './dialog.ts';
import { driveToRest } from './drive.ts';
import { isBeingContained } from './no-return.ts';
import { isOpen, type OpenRotation, withRotation } from './open-rotation.ts';
import { hasDoneReceipt } from './receipt.ts';
import { type RotationReport, reportOf, reportOn } from './report.ts';
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

/** Takes everything back that can be. @throws RotationError REFUSED past the point of no return, and after the end */
export async function rollBack(
  runtime: Runtime,
  rotationId: string,
  dialog: Dialog,
): Promise<RotationReport> {
  const state = await readState(runtime.storage, rotationId);
  if (state.ended === 'done') throw tooLate(rotationId, state.key);
  if (isBeingContained(state)) throw leaked(rotationId);
  return reopened(runtime, rotationId, dialog, async ({ session, phases, driver, finish }) => {
    // Another process may have begun with it before the lock was ours.
    if (isBeingContained(session.state)) throw leaked(rotationId);
    if (await hasDoneReceipt(runtime, rotationId)) throw allButEnded(rotationId);
    return rollBackRotation(phases, driver, finish, 'asked for by `keyturn rollback`');
  });
}

/**
 * Opens the gate and carries on. The evidence is gathered first, and an approval is good for that evidence alone: a
 * rotation that is not at its gate is carried on and not approved.
 */
export function approveRotation(
  runtime: Runtime,
  rotationId: string,
  decision: GateDecision,
  dialog: Dialog,
): Promise<RotationReport> {
  return reopened(runtime, rotationId, dialog, async (rotation) => {
    const at = await advance(rotation.phases, rotation.driver, rotation.finish);
    if (at.status !== 'at-gate') return at;
    if (!decision.despiteEvidence && at.evidence.some((item) => item.verdict === 'fail')) return at;
    await rotation.session.record({ type: 'gate.approved', phase: at.phase, ...decision });
    return driveToRest(runtime, rotation, dialog);
  });
}

function leaked(rotationId: string): RotationError {
  return new RotationError('REFUSED', {
    subject: `rotation ${rotationId}`,
    action: 'roll back',
    reason: 'it contains a leak: going back would put the leaked key into every store again',
    hint: `Nothing was changed. Go forward: \`keyturn resume ${rotationId}\`.`,
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
  // Its journal is closed, and its key may be locked by the rotation after it.
  if (state.ended !== undefined) return reportOf(state, endOf(state));
  const lock = await runtime.storage.acquireLock({
    key: state.key,
    rotationId,
    isOpen: (id) => isOpen(runtime.storage, id),
  });
  try {
    const session = await openSession(runtime.storage, rotationId, dialog.onEvent);
    return await announceReport(runtime, await drive(runtime, session, lock, work), dialog.note);
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
      reportOn(rotation, await work(rotation)),
    );
  } finally {
    await session.close();
  }
}

function endOf({ rollback }: RotationState): Advance {
  if (rollback === undefined) return { status: 'done' };
  return { status: 'rolled-back', reason: rollback.reason };
}

function allButEnded(rotationId: string): RotationError {
  return new RotationError('REFUSED', {
    subject: `rotation ${rotationId}`,
    action: 'roll back',
    reason: 'it is done and has its receipt, and the old key it kept sealed is destroyed or about to be',
    hint: `Nothing was changed. The new key is live; \`keyturn resume ${rotationId}\` journals the end.`,
  });
}

function tooLate(rotationId: string, key: string): RotationError {
  return new RotationError('REFUSED', {
    subject: `rotation ${rotationId}`,
    action: 'roll back',
    reason: 'it has ended, and the old key it kept sealed is destroyed',
    hint: `The new key is live. To change it again, begin a new rotation: \`keyturn rotate ${key}\`.`,
  });
}

/** Whether a rotation can go on by itself now: its wait is over, or nothing keeps it waiting. */
export function isDue(state: RotationState, now: number): boolean {
  if (state.ended !== undefined) return false;
  const waits = [...state.waits.values()].filter((wait) => !wait.over);
  return waits.every((wait) => now >= wait.until || now < wait.from);
}
