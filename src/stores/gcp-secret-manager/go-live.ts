import { RotationError } from '../../core/errors/rotation-error.ts';
import { giveWay } from '../../lib/store/give-way.ts';
import type { Place } from './place.ts';
import type { SecretApi, SecretFacts } from './secret-api.ts';
import { LATEST } from './secret-ref.ts';

/**
 * Adds a version and lets readers have it: at once, where they take `latest`; by moving the alias, where they use
 * one. The number of the version.
 * @throws RotationError CONFLICT when somebody else wrote; INDETERMINATE when it cannot be said what readers get
 */
export async function goLive(
  api: SecretApi,
  place: Place,
  { base, text }: { readonly base: number; readonly text: string },
  signal: AbortSignal,
): Promise<number> {
  const { secret, alias, subject } = place;
  // Looked at first: its etag guards everything that happens until the alias is moved.
  const facts = alias === undefined ? undefined : await holding(api, { ...place, alias }, base, signal);
  const version = await api.add(secret, text, signal);
  if (alias !== undefined && facts !== undefined)
    await api.moveAlias(secret, facts, { alias, to: version }, signal);
  else if (version !== base + 1) {
    const versions = {
      textOf: async (wanted: number) => (await api.access(secret, String(wanted), signal))?.text,
      newest: async () => (await api.access(secret, LATEST, signal))?.version,
      add: (theirs: string) => api.add(secret, theirs, signal),
    };
    await giveWay(versions, { base, ours: version }, subject);
  }
  return version;
}

/** The secret, while the alias is on `version`. @throws RotationError CONFLICT when it is not */
export async function holding(
  api: SecretApi,
  { secret, alias, subject }: Place & { readonly alias: string },
  version: number,
  signal: AbortSignal,
): Promise<SecretFacts> {
  const facts = await api.facts(secret, signal);
  if (facts?.aliases[alias] === version) return facts;
  throw new RotationError('CONFLICT', {
    subject,
    action: 'move the alias',
    reason: `the alias ${alias} has moved from version ${version} to ${facts?.aliases[alias] ?? 'none'}`,
  });
}
