import type { Privilege } from './variable-api.ts';

/** `SECRETS_VERSION_LIMIT`: older versions go at the next write. */
const VERSIONS_KEPT = 20;

export interface EmulatedVariable {
  readonly versions: { readonly version: number; readonly value: string }[];
  readonly annotations: Map<string, string>;
  /** What the one identity of this emulator may do; nothing at all makes the variable invisible. */
  privileges: ReadonlySet<Privilege>;
}

export interface EmulatedVariables {
  get(id: string): EmulatedVariable | undefined;
  /** What policy does. */
  declare(id: string): EmulatedVariable;
  /** The value it has already makes no version. */
  set(id: string, value: string): void;
  current(id: string): string | undefined;
  /** Everything there is but these, as text to compare. */
  except(ids: ReadonlySet<string>): string;
}

export function createEmulatedVariables(): EmulatedVariables {
  const variables = new Map<string, EmulatedVariable>();

  const declare = (id: string): EmulatedVariable => {
    const known = variables.get(id);
    if (known !== undefined) return known;
    const fresh: EmulatedVariable = {
      versions: [],
      annotations: new Map(),
      privileges: new Set(['read', 'execute', 'update']),
    };
    variables.set(id, fresh);
    return fresh;
  };

  return {
    get: (id) => variables.get(id),
    declare,
    set: (id, value) => {
      const { versions } = declare(id);
      const last = versions.at(-1);
      if (last?.value === value) return;
      versions.push({ version: (last?.version ?? 0) + 1, value });
      versions.splice(0, versions.length - VERSIONS_KEPT);
    },
    current: (id) => variables.get(id)?.versions.at(-1)?.value,
    except: (ids) =>
      JSON.stringify(
        [...variables]
          .filter(([id]) => !ids.has(id))
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([id, { versions, annotations }]) => [id, versions, [...annotations]]),
      ),
  };
}
