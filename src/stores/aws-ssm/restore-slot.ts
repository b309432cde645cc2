import type { Restoration, WriteContext } from '../../core/plugins/store.ts';
import { drift, wayBack } from '../../lib/store/way-back.ts';
import { goLive, moveTo } from './go-live.ts';
import type { ParameterApi } from './parameter-api.ts';
import type { Place } from './place.ts';
import { assertWritable, limitOf } from './writable-text.ts';

/**
 * Brings back what was live before a push. No version comes back by itself: the old one is read from the history and
 * written as the newest, or the label is moved back to it. Where somebody has written beside our fields since, only
 * those are replaced.
 * @throws RotationError DRIFT when our fields hold something else by now, CONFLICT when it happens while we look
 */
export async function restoreSlot(
  api: ParameterApi,
  place: Place,
  restoration: Restoration,
  { signal }: WriteContext,
): Promise<void> {
  const { subject, label, name, selector } = place;
  const { before } = restoration;
  const now = await api.read(selector, signal);
  if (now === undefined) throw drift(subject, 'it is not there any more');
  if (String(now.version) === before) return;
  const old = before === undefined ? undefined : await api.read(`${name}:${before}`, signal);
  const settings = await api.describe(name, signal);
  if (settings === undefined) throw drift(subject, 'it is not there any more');

  const limit = limitOf(settings.tier);
  const way = wayBack({ slot: place.slot, subject, limit }, { old: old?.text, now: now.text }, restoration);
  if (way.kind === 'nothing') return;
  if (way.kind === 'old-version' && label !== undefined && old !== undefined) {
    await moveTo(api, { ...place, label }, old.version, { from: now.version }, signal);
    return;
  }
  assertWritable(place, way.text, settings);
  await goLive(api, place, { base: now, text: way.text, settings }, signal);
}
