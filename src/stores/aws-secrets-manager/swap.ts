import { isRotationError, RotationError } from '../../core/errors/rotation-error.ts';
import type { Version } from '../../core/plugins/store.ts';
import {
  CURRENT,
  type HeldLabel,
  holderOf,
  type Labels,
  rollbackLabel,
  stagedLabel,
  staleLabels,
} from './labels.ts';
import type { SecretsApi } from './secrets-api.ts';

export interface Swap {
  readonly id: string;
  readonly subject: string;
  /** The version the text is made from: it must be current. */
  readonly base: Version;
  readonly next: Version;
  readonly text: string;
}

/**
 * Puts a new version in the place of `base`, in four calls of which one has an effect that others can see:
 * label `base` so that it stays; stage the new version under a label of its own; move AWSCURRENT from `base` to it,
 * which AWS refuses when `base` is not current any more; take the staging label off. A crash between any two of them
 * leaves nothing without a label, and the same call again carries on where it stopped.
 * @throws RotationError CONFLICT, INDETERMINATE (the move alone), and what is wrong with the others
 */
export async function swapCurrent(api: SecretsApi, swap: Swap, signal: AbortSignal): Promise<void> {
  const { id, base, next } = swap;
  const labels = await labelsOf(api, swap, signal);
  const [staged, wayBack] = [stagedLabel(next), rollbackLabel(next)];
  const current = holderOf(labels, CURRENT);
  if (current !== next) {
    if (current !== base) throw conflict(swap, current);
    if (holderOf(labels, wayBack) === undefined) await api.attach(id, wayBack, base, signal);
    await api.stage(id, { version: next, text: swap.text, label: staged }, signal);
    await moveCurrent(api, swap, signal);
  }
  await dropLabels(api, id, [{ label: staged, version: next }, ...staleLabels(labels, base, next)], signal);
}

async function moveCurrent(api: SecretsApi, swap: Swap, signal: AbortSignal): Promise<void> {
  const { id, base, next } = swap;
  try {
    await api.goLive(id, next, base, signal);
  } catch (error) {
    if (!isRotationError(error, 'CONFLICT')) throw error;
    const current = holderOf(await labelsOf(api, swap, signal), CURRENT);
    // Another attempt of this very push was quicker.
    if (current === next) return;
    const ours = [
      { label: stagedLabel(next), version: next },
      { label: rollbackLabel(next), version: base },
    ];
    await dropLabels(api, id, ours, signal);
    throw conflict(swap, current);
  }
}

/** Labels are housekeeping: what cannot be removed now goes with a later push, and never makes a finished one fail. */
export async function dropLabels(
  api: SecretsApi,
  id: string,
  labels: readonly HeldLabel[],
  signal: AbortSignal,
): Promise<void> {
  for (const { label, version } of labels) {
    try {
      await api.detach(id, label, version, signal);
    } catch (error) {
      if (!isRotationError(error)) throw error;
      return;
    }
  }
}

async function labelsOf(api: SecretsApi, swap: Swap, signal: AbortSignal): Promise<Labels> {
  const found = await api.describe(swap.id, signal);
  if (found !== undefined) return found.labels;
  throw new RotationError('NOT_FOUND', { subject: swap.subject, reason: 'the secret is gone' });
}

function conflict(swap: Swap, current: Version | undefined): RotationError {
  return new RotationError('CONFLICT', {
    subject: swap.subject,
    action: 'make the new version current',
    reason: `version ${current ?? '(none)'} is current, not ${swap.base}`,
  });
}
