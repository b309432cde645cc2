import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Restoration, WriteContext } from '../../core/plugins/store.ts';
import { drift, wayBack } from '../../lib/store/way-back.ts';
import { LIMIT } from './limits.ts';
import type { Place } from './secret-name.ts';
import type { VaultApi } from './vault-api.ts';

/**
 * Brings back what was live before a push: the value of the old version becomes the newest version, with the
 * attributes the secret has now. No version can be made the newest one again. Nothing is disabled or deleted.
 * @throws RotationError DRIFT when our fields hold something else by now
 */
export async function restoreSlot(
  api: VaultApi,
  { slot, name, subject }: Place,
  restoration: Restoration,
  { signal }: WriteContext,
): Promise<void> {
  const { before } = restoration;
  const now = await api.read(name, undefined, signal);
  if (now === undefined) throw drift(subject, 'it is not there any more');
  if (now.version === before) return;
  const old = before === undefined ? undefined : await oldText(api, name, before, signal);
  const way = wayBack({ slot, subject, limit: LIMIT }, { old, now: now.text }, restoration);
  if (way.kind !== 'nothing') await api.set(name, way.text, now.attributes, signal);
}

/** A version that somebody has disabled since is none to go back to. */
async function oldText(
  api: VaultApi,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await api.read(name, version, signal))?.text;
  } catch (error) {
    if (isRotationError(error, 'REFUSED')) return undefined;
    throw error;
  }
}
