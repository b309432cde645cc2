import type { Fields } from '../../core/credential.ts';

/** Something with a version: a secret as a whole, or one of its values. */
interface Versioned<T> {
  readonly value: T;
  readonly version: number;
  readonly history: ReadonlyMap<number, T>;
  readonly updatedAt: string;
}

/** The secrets of an emulated API, which counts versions of a secret and of each value in it. */
export interface EmulatedSecrets {
  secret(ref: string): Versioned<Fields<string>> | undefined;
  value(ref: string, field: string): Versioned<string> | undefined;
  /** Keeps what is there beside the values. */
  put(ref: string, values: Fields<string>): void;
  /** Puts an old version of a secret, or of one value, in place; gives whether there was one. */
  restore(ref: string, field: string | undefined, version: number): boolean;
  refs(): readonly string[];
}

export function createEmulatedSecrets(): EmulatedSecrets {
  const secrets = new Map<string, Versioned<Fields<string>>>();
  const values = new Map<string, Versioned<string>>();
  const placeOf = (ref: string, field: string): string => `${ref}\n${field}`;

  const put = (ref: string, next: Fields<string>): void => {
    secrets.set(ref, bumped(secrets.get(ref), { ...secrets.get(ref)?.value, ...next }));
    for (const [field, value] of Object.entries(next)) {
      const place = placeOf(ref, field);
      values.set(place, bumped(values.get(place), value));
    }
  };

  return {
    secret: (ref) => secrets.get(ref),
    value: (ref, field) => values.get(placeOf(ref, field)),
    put,
    restore: (ref, field, version) => {
      const before =
        field === undefined
          ? secrets.get(ref)?.history.get(version)
          : values.get(placeOf(ref, field))?.history.get(version);
      if (before === undefined) return false;
      put(ref, typeof before === 'string' ? { [field ?? '']: before } : before);
      return true;
    },
    refs: () => [...secrets.keys()],
  };
}

function bumped<T>(before: Versioned<T> | undefined, value: T): Versioned<T> {
  const version = (before?.version ?? 0) + 1;
  const history = new Map([...(before?.history ?? []), [version, value]]);
  // Two changes within a millisecond are two all the same.
  const at = Math.max(Date.now(), Date.parse(before?.updatedAt ?? '1970-01-01') + 1);
  return { value, version, history, updatedAt: new Date(at).toISOString() };
}
