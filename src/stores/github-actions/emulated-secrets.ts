import type { Json } from '../../core/json.ts';
import type { Visibility } from './secrets-api.ts';

export interface EmulatedSecret {
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Organisations only. */
  readonly visibility?: Visibility;
  readonly selected?: readonly number[];
}

/** What one place (`/repos/acme/shop/actions`) keeps. */
export interface EmulatedPlace {
  readonly secrets: Map<string, EmulatedSecret>;
  readonly variables: Map<string, string>;
}

export function createEmulatedPlaces() {
  const places = new Map<string, EmulatedPlace>();
  return {
    /** Undefined while nobody has made it: the repository, environment or organisation is not there. */
    find: (path: string): EmulatedPlace | undefined => places.get(path),
    make: (path: string): EmulatedPlace => {
      const place = places.get(path) ?? { secrets: new Map(), variables: new Map() };
      places.set(path, place);
      return place;
    },
    paths: (): readonly string[] => [...places.keys()],
    /** Everything but the values and update times of the named secrets of one place. */
    except: (path: string, names: ReadonlySet<string>): string => {
      const all = [...places].map(([at, place]): Json => {
        const secrets = [...place.secrets].map(([name, secret]): Json => {
          if (at !== path || !names.has(name)) return [name, { ...secret }];
          const { visibility = null, selected = null, createdAt } = secret;
          return [name, { visibility, selected, createdAt }];
        });
        return [at, secrets, [...place.variables]];
      });
      return JSON.stringify(all);
    },
  };
}
