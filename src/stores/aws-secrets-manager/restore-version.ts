import { sameFields } from '../../core/credential.ts';
import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, Slot, Version, WriteContext } from '../../core/plugins/store.ts';
import { readSlot, writeSlot } from '../../lib/store/slot-text.ts';
import { drift } from '../../lib/store/way-back.ts';
import { CURRENT, holderOf, type Labels, labelsOfPush, rollbackLabel } from './labels.ts';
import { LIMIT } from './limits.ts';
import type { SecretsApi } from './secrets-api.ts';
import { dropLabels, swapCurrent } from './swap.ts';
import { versionIdOf } from './version-id.ts';

/**
 * Brings back what was live before a push. While the pushed version is current, by moving AWSCURRENT back: no value
 * travels. When somebody has written beside our fields since, moving it would undo their work as well: then the old
 * values are written into what is there now.
 * @throws RotationError DRIFT when our fields hold something else by now, CONFLICT when it happens while we look
 */
export async function restoreSlot(
  api: SecretsApi,
  { slot, subject }: { slot: Slot; subject: string },
  restoration: Restoration,
  ctx: WriteContext,
): Promise<void> {
  const labels = (await api.describe(slot.ref, ctx.signal))?.labels ?? new Map<Version, readonly string[]>();
  const current = holderOf(labels, CURRENT);
  if (current === undefined)
    throw new RotationError('DRIFT', { subject, reason: 'the secret has no current version' });

  if (current === restoration.before) {
    // It never went live, or has been taken back already; what it had staged is left.
    await dropLabels(
      api,
      slot.ref,
      labelsOfPush(labels, versionIdOf(ctx.idempotencyToken, current)),
      ctx.signal,
    );
    return;
  }
  const before = wayBack(labels, current, restoration);
  const moved = before !== undefined && (await moveBack(api, { id: slot.ref, before, current }, ctx));
  if (moved) await dropLabels(api, slot.ref, labelsOfPush(labels, current), ctx.signal);
  else await writeBack(api, { slot, subject }, restoration, ctx);
}

/** The version to go back to, when the current one is the one we pushed: by its receipt, or by the label it left. */
function wayBack(labels: Labels, current: Version, { receipt, before }: Restoration): Version | undefined {
  const labelled = holderOf(labels, rollbackLabel(current));
  if (receipt !== undefined) return receipt.version === current ? (labelled ?? before) : undefined;
  return before === undefined || labelled === before ? labelled : undefined;
}

/** False when the old version is no more. */
async function moveBack(
  api: SecretsApi,
  move: { id: string; before: Version; current: Version },
  ctx: WriteContext,
): Promise<boolean> {
  try {
    await api.goLive(move.id, move.before, move.current, ctx.signal);
    return true;
  } catch (error) {
    if (isRotationError(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

async function writeBack(
  api: SecretsApi,
  { slot, subject }: { slot: Slot; subject: string },
  { values, pushed }: Restoration,
  ctx: WriteContext,
): Promise<void> {
  const found = await api.read(slot.ref, undefined, ctx.signal);
  if (found?.text === undefined) throw drift(subject, 'it holds no text any more');
  const present = readSlot(slot, found.text, subject);
  if (values !== undefined && sameFields(present, values)) return;
  if (!sameFields(present, pushed)) throw drift(subject, 'it holds neither the old nor the new value');
  if (values === undefined)
    throw drift(subject, 'somebody wrote beside it since, and the old value is not known');
  const text = writeSlot(slot, found.text, values, { subject, limit: LIMIT });
  const next = versionIdOf(`restore ${ctx.idempotencyToken}`, found.version);
  await swapCurrent(api, { id: slot.ref, subject, base: found.version, next, text }, ctx.signal);
}
