import type { StoredSecret, Version } from '../../core/plugins/store.ts';
import type { SecretFacts } from './secrets-api.ts';

/** Field → when GitHub says its secret was last updated. */
export type Stamps = ReadonlyMap<string, SecretFacts>;

/** The latest update is that of the slot; every one of them is in its version. Of the values GitHub tells nothing. */
export function storedSecret(stamps: Stamps): StoredSecret | undefined {
  const times = [...stamps.values()].map(({ updatedAt }) => updatedAt);
  const latest = times.reduce(
    (late, time) => (Date.parse(time) > Date.parse(late) ? time : late),
    times[0] ?? '',
  );
  return times.length === 0 ? undefined : { fields: {}, version: versionOf(stamps), updatedAt: latest };
}

/** `API_KEY=2026-01-02T03:04:05Z&API_SECRET=…`. */
function versionOf(stamps: Stamps): Version {
  return [...stamps]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, { updatedAt }]) => `${field}=${updatedAt}`)
    .join('&');
}

/**
 * Whether an update now could leave the stamp as it is: stamps are in whole seconds, and the same stamp as before proves
 * nothing. Where GitHub's own time is not known, it could.
 */
export function isOfThisSecond({ updatedAt, askedAt }: SecretFacts): boolean {
  return askedAt === undefined || askedAt - Date.parse(updatedAt) < 1000;
}
