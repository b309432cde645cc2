import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, WriteContext } from '../../core/plugins/store.ts';
import { drift, wayBack } from '../../lib/store/way-back.ts';
import { goLive, holding } from './go-live.ts';
import { LIMIT } from './limits.ts';
import { type Place, readersVersion } from './place.ts';
import type { SecretApi, SecretText } from './secret-api.ts';

/**
 * Brings back what was live before a push: the alias is moved back to the old version, or the old version's text is
 * added as the newest, since `latest` never goes back by itself. Where somebody has written beside our fields since,
 * only those are replaced. Nothing is disabled or destroyed.
 * @throws RotationError DRIFT when our fields hold something else by now, CONFLICT when it happens while we look
 */
export async function restoreSlot(
  api: SecretApi,
  place: Place,
  restoration: Restoration,
  { signal }: WriteContext,
): Promise<void> {
  const { secret, alias, slot, subject } = place;
  const { before } = restoration;
  const now = await api.access(secret, readersVersion(place), signal);
  if (now === undefined) throw drift(subject, 'it is not there any more');
  if (String(now.version) === before) return;
  const old = before === undefined ? undefined : await oldVersion(api, secret, before, signal);
  const texts = { old: old?.text, now: now.text };
  const way = wayBack({ slot, subject, limit: LIMIT }, texts, restoration);
  if (way.kind === 'nothing') return;
  if (way.kind === 'old-version' && alias !== undefined && old !== undefined) {
    const facts = await holding(api, { ...place, alias }, now.version, signal);
    await api.moveAlias(secret, facts, { alias, to: old.version }, signal);
    return;
  }
  await goLive(api, place, { base: now.version, text: way.text }, signal);
}

/** A version that somebody has disabled or destroyed since is none to go back to. */
async function oldVersion(
  api: SecretApi,
  secret: string,
  version: string,
  signal: AbortSignal,
): Promise<SecretText | undefined> {
  try {
    return await api.access(secret, version, signal);
  } catch (error) {
    if (isRotationError(error, 'REFUSED')) return undefined;
    throw error;
  }
}
