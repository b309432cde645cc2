import { randomUUID } from 'node:crypto';

export interface EmulatedVariable {
  readonly value: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A project or a context. */
export interface EmulatedPlace {
  /** Slug of a project, UUID of a context. */
  readonly id: string;
  /** Name of a context. */
  readonly name: string;
  readonly kind: 'project' | 'context';
  readonly variables: Map<string, EmulatedVariable>;
}

export interface EmulatedPlaces {
  find(kind: EmulatedPlace['kind'], id: string): EmulatedPlace | undefined;
  named(name: string): EmulatedPlace | undefined;
  contexts(): readonly EmulatedPlace[];
  /** What an administrator does in the web page. */
  make(kind: EmulatedPlace['kind'], id: string, name: string): EmulatedPlace;
  set(place: EmulatedPlace, name: string, value: string): EmulatedVariable;
  /** Everything there is but these variables of a place, as text to compare. */
  except(place: EmulatedPlace | undefined, names: readonly string[]): string;
}

export function createEmulatedPlaces(): EmulatedPlaces {
  const places: EmulatedPlace[] = [];
  let now = Date.parse('2025-01-01T00:00:00.000Z');

  return {
    find: (kind, id) => places.find((place) => place.kind === kind && place.id === id),
    named: (name) => places.find((place) => place.kind === 'context' && place.name === name),
    contexts: () => places.filter(({ kind }) => kind === 'context'),
    make: (kind, id, name) => {
      const place = { kind, id: id === '' ? randomUUID() : id, name, variables: new Map() };
      places.push(place);
      return place;
    },
    set: ({ kind, variables }, name, value) => {
      now += 1;
      const updatedAt = new Date(now).toISOString();
      // A project's variable is made anew by each write; a context's is updated.
      const before = kind === 'context' ? variables.get(name)?.createdAt : undefined;
      const variable = { value, createdAt: before ?? updatedAt, updatedAt };
      variables.delete(name);
      variables.set(name, variable);
      return variable;
    },
    except: (ours, names) =>
      JSON.stringify(
        places.map((place) => [
          place.id,
          [...place.variables].filter(([name]) => place !== ours || !names.includes(name)).sort(),
        ]),
      ),
  };
}
