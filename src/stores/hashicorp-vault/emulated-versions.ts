import type { RawObject } from './raw-object.ts';

export interface EmulatedVersion {
  readonly number: number;
  readonly entries: RawObject;
  readonly created: string;
  /** '' or a time, which may lie ahead. */
  deletionTime: string;
  destroyed: boolean;
}

/** All versions of one secret. */
export interface EmulatedVersions {
  /** Settings of this secret alone. */
  readonly settings: { maxVersions: number; deleteAfterSeconds: number };
  /** 0 when nothing was ever written. Deleted versions count. */
  current(): number;
  get(number: number): EmulatedVersion | undefined;
  isLive(version: EmulatedVersion): boolean;
  /** The current version, when it is not deleted. */
  live(): EmulatedVersion | undefined;
  add(entries: RawObject): EmulatedVersion;
  softDelete(): void;
  /** `data` of a metadata read, as JSON. */
  describe(): string;
}

const DEFAULT_VERSIONS = 10;

export function createVersions(
  mount: { readonly maxVersions: number; readonly deleteAfterSeconds: number },
  now: () => number,
): EmulatedVersions {
  const kept = new Map<number, EmulatedVersion>();
  const settings = { maxVersions: 0, deleteAfterSeconds: 0 };
  let current = 0;

  /** The larger setting counts; the oldest go for good. */
  const prune = (): void => {
    const most = Math.max(settings.maxVersions, mount.maxVersions) || DEFAULT_VERSIONS;
    for (const number of kept.keys()) {
      if (kept.size <= most) return;
      kept.delete(number);
    }
  };
  const isLive = (version: EmulatedVersion): boolean =>
    !version.destroyed && (version.deletionTime === '' || Date.parse(version.deletionTime) > now());
  const isoIn = (seconds: number): string => new Date(now() + seconds * 1000).toISOString();

  return {
    settings,
    current: () => current,
    get: (number) => kept.get(number),
    isLive,
    live: () => {
      const version = kept.get(current);
      return version !== undefined && isLive(version) ? version : undefined;
    },
    add: (entries) => {
      current += 1;
      const seconds = settings.deleteAfterSeconds || mount.deleteAfterSeconds;
      const deletionTime = seconds === 0 ? '' : isoIn(seconds);
      const version = { number: current, entries, created: isoIn(0), deletionTime, destroyed: false };
      kept.set(current, version);
      prune();
      return version;
    },
    softDelete: () => {
      const version = kept.get(current);
      if (version !== undefined) version.deletionTime = isoIn(0);
    },
    describe: () =>
      JSON.stringify({
        cas_required: false,
        current_version: current,
        custom_metadata: null,
        delete_version_after: `${settings.deleteAfterSeconds}s`,
        max_versions: settings.maxVersions,
        oldest_version: current > 0 ? [...kept.keys()][0] : 0,
        versions: Object.fromEntries(
          [...kept].map(([number, { created, deletionTime, destroyed }]) => [
            number,
            { created_time: created, deletion_time: deletionTime, destroyed },
          ]),
        ),
      }),
  };
}
