import { RotationError } from '../core/errors/rotation-error.ts';
import type { Json } from '../core/json.ts';
import { beginSession } from '../engine/session.ts';
import { announce, announceReport } from './announce.ts';
import type { Dialog } from './dialog.ts';
import { driveToRest } from './drive.ts';
import { isOpen, withRotation } from './open-rotation.ts';
import type { PlanRequest } from './plan/draft-plan.ts';
import { assertPlanHolds } from './plan/plan-file.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';
import { planRotation } from './plan-rotation.ts';
import { PreflightRefusal } from './preflight-refusal.ts';
import { type RotationReport, reportOn } from './report.ts';
import { newRotationId } from './rotation-id.ts';
import type { Runtime } from './runtime.ts';

export interface RotateRequest extends PlanRequest {
  readonly acceptDrift: boolean;
  /** A reviewed plan: reality must still be as it says. */
  readonly approvedPlan: RotationPlan | undefined;
}

/**
 * The whole job, from preflight to as far as it goes without waiting for somebody.
 * @throws RotationError LOCKED, PreflightRefusal, DRIFT, ABORTED (declined): in each case nothing was touched
 */
export async function rotate(
  runtime: Runtime,
  request: RotateRequest,
  dialog: Dialog,
): Promise<RotationReport> {
  const rotationId = newRotationId(runtime.clock.now());
  const lock = await runtime.storage.acquireLock({
    key: request.key,
    rotationId,
    isOpen: (id) => isOpen(runtime.storage, id),
  });
  try {
    const result = await planRotation(runtime, request, {
      acceptDrift: request.acceptDrift,
      onPreflight: dialog.onPreflight,
      mayAsk: true,
    });
    if (request.approvedPlan !== undefined) assertPlanHolds(request.approvedPlan, result.plan);
    if (result.findings.some((finding) => finding.severity === 'error')) {
      throw new PreflightRefusal(request.key, result.findings);
    }
    if (!(await dialog.confirmStart(result))) throw declined(request.key);
    const started = {
      type: 'rotation.started',
      rotationId,
      key: request.key,
      plan: result.plan as unknown as Json,
    } as const;
    const session = await beginSession(runtime.storage, started, dialog.onEvent);
    try {
      // A leaked key does not wait for somebody's chat.
      const telling = announce(runtime, begun(rotationId, request.key), dialog.note);
      const report = await withRotation(runtime, lock, session, async (rotation) =>
        reportOn(rotation, await driveToRest(runtime, rotation, dialog)),
      );
      await telling;
      return await announceReport(runtime, report, dialog.note);
    } finally {
      await session.close();
    }
  } finally {
    await lock.release();
  }
}

function begun(rotationId: string, key: string) {
  const message = `Rotation of ${key} has begun`;
  return { event: 'begun', rotationId, key, message, live: [], next: [] } as const;
}

function declined(key: string): RotationError {
  return new RotationError('ABORTED', {
    subject: `rotation of ${key}`,
    reason: 'you chose not to begin',
    hint: 'Nothing was touched.',
  });
}
