import { RotationError } from '../core/errors/rotation-error.ts';
import { type Advance, advance } from '../engine/advance.ts';
import type { Dialog } from './dialog.ts';
import type { OpenRotation } from './open-rotation.ts';
import type { Runtime } from './runtime.ts';

/**
 * Calls `advance` until it ends or nobody is there for what it waits for. The gate and the waits are asked of the
 * dialog; what it declines stays paused.
 */
export async function driveToRest(
  runtime: Runtime,
  rotation: OpenRotation,
  dialog: Dialog,
): Promise<Advance> {
  for (;;) {
    const at = await advance(rotation.phases, rotation.driver, rotation.finish);
    if (await goOn(at, runtime, rotation, dialog)) continue;
    const rests = at.status === 'waiting' || at.status === 'at-gate';
    return rests && runtime.interruption.soft.aborted ? { status: 'interrupted' } : at;
  }
}

async function goOn(at: Advance, runtime: Runtime, rotation: OpenRotation, dialog: Dialog): Promise<boolean> {
  if (at.status === 'waiting') return waitFor(at, runtime, dialog);
  if (at.status !== 'at-gate') return false;
  const decision = await dialog.decideGate(at.evidence);
  if (decision === undefined) return false;
  if (!decision.despiteEvidence && at.evidence.some((item) => item.verdict === 'fail')) return false;
  await rotation.session.record({ type: 'gate.approved', phase: at.phase, ...decision });
  return true;
}

async function waitFor(
  at: Advance & { status: 'waiting' },
  runtime: Runtime,
  dialog: Dialog,
): Promise<boolean> {
  if (!(await dialog.stayUntil(at.phase, at.until))) return false;
  try {
    await runtime.clock.sleep(Math.max(0, at.until - runtime.clock.now()), runtime.interruption.soft);
  } catch (error) {
    if (error instanceof RotationError && error.code === 'ABORTED') return false;
    throw error;
  }
  return true;
}
