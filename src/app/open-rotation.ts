import { hostname } from 'node:os';
import { isRotationError } from '../core/errors/rotation-error.ts';
import { useFingerprintKey } from '../core/fingerprint.ts';
import type { Json } from '../core/json.ts';
import type { Phase } from '../core/phase.ts';
import type { StepContext } from '../core/step.ts';
import type { Finish } from '../engine/advance.ts';
import type { Driver } from '../engine/driver.ts';
import type { Lock } from '../engine/lock.ts';
import type { Session } from '../engine/session.ts';
import type { RotationStorage } from '../engine/storage.ts';
import { CAPTURE_OLD_KEY, oldKey } from '../steps/material.ts';
import { buildPhases } from './phases/build-phases.ts';
import { bindPlan } from './plan/bound-plan.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';
import { createPluginHost } from './plugin-host.ts';
import { writeReceipt } from './receipt.ts';
import { readState } from './rotations.ts';
import type { Runtime } from './runtime.ts';

/** A rotation with its lock, journal and plug-ins open: what `advance` and `rollBackRotation` take. */
export interface OpenRotation {
  readonly session: Session;
  readonly phases: readonly Phase[];
  readonly driver: Driver;
  readonly finish: Finish;
}

/** Opens the plug-ins of a journalled plan, gives the rotation to `work`, and closes everything after it. */
export async function withRotation<T>(
  runtime: Runtime,
  lock: Lock,
  session: Session,
  work: (rotation: OpenRotation) => Promise<T>,
): Promise<T> {
  const plan = session.state.plan as unknown as RotationPlan;
  // What preflight saw, perhaps in another process, must be comparable with what is seen now.
  useFingerprintKey(await runtime.storage.fingerprintKey());
  const host = createPluginHost({ ...runtime, baseDir: plan.baseDir });
  try {
    await session.record({ type: 'driver.started', fence: lock.fence, host: hostname(), pid: process.pid });
    const bound = await bindPlan(plan, host);
    const ctx = stepContext(runtime, session);
    await assertOpens(runtime, ctx);
    const driver: Driver = {
      session,
      lock,
      clock: runtime.clock,
      ctx,
      interruption: runtime.interruption,
      redact: runtime.redact,
      ...(runtime.probe === undefined ? {} : { probe: runtime.probe }),
    };
    const finish: Finish = async (outcome) => {
      await writeReceipt(runtime, session.state, outcome);
      await runtime.storage.destroySealed(session.state.rotationId);
    };
    return await work({ session, phases: buildPhases(bound, runtime), driver, finish });
  } finally {
    await host.closeAll();
  }
}

/**
 * Whoever has the wrong identity drives nothing: a step that could not open the keys would fail, and be taken for a
 * reason to go back. A rotation with a receipt is at its end, where nothing is opened and the data key may be gone.
 * @throws RotationError REFUSED
 */
async function assertOpens({ storage }: Runtime, ctx: StepContext): Promise<void> {
  if (ctx.output(CAPTURE_OLD_KEY) === undefined) return;
  if ((await storage.readReceipt(ctx.rotationId)) !== undefined) return;
  await oldKey(ctx);
}

function stepContext(runtime: Runtime, session: Session): StepContext {
  const { rotationId } = session.state;
  let sealer: ReturnType<RotationStorage['sealer']> | undefined;
  const opened = (): ReturnType<RotationStorage['sealer']> => {
    sealer ??= runtime.storage.sealer(rotationId);
    return sealer;
  };
  return {
    rotationId,
    signal: runtime.interruption.hard,
    clock: runtime.clock,
    output: (stepId): Json | undefined => {
      // Also while it is being taken back: the way back needs what the way forward gave.
      return session.state.steps.get(stepId)?.output;
    },
    seal: async (secret) => (await opened()).seal(secret),
    unseal: async (sealed) => (await opened()).unseal(sealed),
  };
}

/** Whether a rotation has begun and not ended; a journal that was never begun claims nothing. */
export async function isOpen(storage: RotationStorage, rotationId: string): Promise<boolean> {
  try {
    return (await readState(storage, rotationId)).ended === undefined;
  } catch (error) {
    if (isRotationError(error, 'NOT_FOUND')) return false;
    throw error;
  }
}
