import type { Json } from '../core/json.ts';
import type { RotationOutcome } from '../core/rotation/events.ts';
import type { RotationState } from '../core/rotation/state.ts';
import { CAPTURE_OLD_KEY, CREATE_KEY } from '../steps/material.ts';
import { pushId } from '../steps/push.ts';
import { type KeyFate, oldKeyFate } from './old-key-fate.ts';
import type { RotationPlan } from './plan/rotation-plan.ts';
import type { ReceiptSignature, Runtime } from './runtime.ts';

/** The signed record of a run: what was changed where, what proved it, and when. No secret, no sealed material. */
export interface Receipt {
  readonly receiptVersion: 1;
  readonly rotationId: string;
  readonly key: string;
  readonly mode: string;
  readonly outcome: RotationOutcome;
  /** Why it was rolled back. */
  readonly reason: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly principal: string | null;
  readonly oldKey: { readonly id: string | null; readonly fate: KeyFate };
  readonly newKey: { readonly id: string | null };
  readonly targets: readonly {
    readonly id: string;
    readonly status: string;
    readonly verifiedBy: Json;
    readonly version: Json;
  }[];
  readonly checks: readonly { readonly id: string; readonly at: string }[];
  readonly evidence: readonly { readonly text: string; readonly verdict: string }[];
  readonly approvedBy: string | null;
  readonly signature?: ReceiptSignature;
}

export async function writeReceipt(
  runtime: Runtime,
  state: RotationState,
  outcome: RotationOutcome,
): Promise<void> {
  const receipt = makeReceipt(state, outcome, new Date(runtime.clock.now()).toISOString());
  const signature = await runtime.sign(JSON.stringify(receipt));
  await runtime.storage.writeReceipt(
    state.rotationId,
    `${JSON.stringify({ ...receipt, signature }, null, 2)}\n`,
  );
}

/** Whether nothing of a rotation was left to do but to journal its end: the receipt is written right before. */
export async function hasDoneReceipt({ storage }: Runtime, rotationId: string): Promise<boolean> {
  const text = await storage.readReceipt(rotationId);
  return text !== undefined && (JSON.parse(text) as Receipt).outcome === 'done';
}

function makeReceipt(state: RotationState, outcome: RotationOutcome, endedAt: string): Receipt {
  const plan = state.plan as unknown as RotationPlan;
  const gate = state.gates.get('gate');
  return {
    receiptVersion: 1,
    rotationId: state.rotationId,
    key: state.key,
    mode: plan.mode,
    outcome,
    reason: state.rollback?.reason ?? null,
    startedAt: state.startedAt,
    endedAt,
    principal: plan.principal?.display ?? null,
    oldKey: { id: keyIdIn(state, CAPTURE_OLD_KEY), fate: oldKeyFate(state, outcome) },
    newKey: { id: keyIdIn(state, CREATE_KEY) },
    targets: plan.targets.map((target) => {
      const step = state.steps.get(pushId(target));
      return {
        id: target.id,
        status: step?.status ?? 'untouched',
        verifiedBy: field(step?.output, 'verifiedBy'),
        version: field(step?.output, 'version'),
      };
    }),
    checks: [...state.steps]
      .filter(([id, step]) => /^(check|watch-\d+):/.test(id) && step.status === 'done')
      .map(([id, step]) => ({ id, at: step.at })),
    evidence: gate?.evidence ?? [],
    approvedBy: gate?.approval?.by ?? null,
  };
}

export function keyIdIn(state: RotationState, stepId: string): string | null {
  const id = field(state.steps.get(stepId)?.output, 'keyId');
  return typeof id === 'string' ? id : null;
}

function field(output: Json | undefined, name: string): Json {
  if (typeof output !== 'object' || output === null || !(name in output)) return null;
  return (output as { readonly [key: string]: Json | undefined })[name] ?? null;
}
