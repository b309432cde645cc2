import type { FinishedPush } from '../../core/plugins/store.ts';
import { type Place, readersVersion } from './place.ts';
import type { SecretApi } from './secret-api.ts';

/**
 * Disables the version a push has replaced. It is left when anybody may still be sent to it: by the name its readers
 * use, which has come back to it, or by another alias.
 */
export async function disableReplaced(
  api: SecretApi,
  place: Place,
  { replaced }: FinishedPush,
  signal: AbortSignal,
): Promise<void> {
  if (replaced === undefined) return;
  const { secret } = place;
  const facts = await api.facts(secret, signal);
  if (facts === undefined || Object.values(facts.aliases).includes(Number(replaced))) return;
  const live = await api.access(secret, readersVersion(place), signal);
  if (live === undefined || String(live.version) === replaced) return;
  await api.disable(secret, replaced, signal);
}
