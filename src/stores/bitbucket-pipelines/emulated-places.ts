import { randomUUID } from 'node:crypto';

export interface EmulatedVariable {
  readonly uuid: string;
  readonly key: string;
  readonly value: string;
  readonly secured: boolean;
}

export interface EmulatedEnvironment {
  readonly uuid: string;
  readonly name: string;
}

export interface EmulatedPlaces {
  /** By ref, an environment by its name or by its UUID. */
  find(ref: string): EmulatedVariable[] | undefined;
  /** What an administrator does in the web page: the place is made as well. */
  set(ref: string, key: string, value: string, secured?: boolean): void;
  /** Of `WORKSPACE/REPO`; undefined when there is no such repository. */
  environments(repository: string): readonly EmulatedEnvironment[] | undefined;
  /** Everything there is but these variables of a place, as text to compare. */
  except(ref: string, keys: readonly string[]): string;
}

export function createEmulatedPlaces(): EmulatedPlaces {
  /** Ref → variables; the environment of a deployment by its UUID. */
  const places = new Map<string, EmulatedVariable[]>();
  const environments = new Map<string, EmulatedEnvironment[]>();

  const environmentOf = (ref: string): [repository: string, name: string] | undefined => {
    const [, repository, name] = /^deployments\/([^/]+\/[^/]+)\/(.+)$/s.exec(ref) ?? [];
    return repository === undefined || name === undefined ? undefined : [repository, name];
  };
  const byUuid = (ref: string): string => {
    const [repository, name] = environmentOf(ref) ?? [];
    if (repository === undefined) return ref;
    const found = environments.get(repository)?.find((each) => each.name === name || each.uuid === name);
    return `deployments/${repository}/${found?.uuid}`;
  };

  return {
    find: (ref) => places.get(byUuid(ref)),
    set: (ref, key, value, secured = true) => {
      const [repository, name] = environmentOf(ref) ?? [];
      if (repository !== undefined && name !== undefined) {
        const all = environments.get(repository) ?? [];
        environments.set(repository, all);
        if (!all.some((each) => each.name === name || each.uuid === name))
          all.push({ name, uuid: `{${randomUUID()}}` });
      }
      const variables = places.get(byUuid(ref)) ?? [];
      places.set(byUuid(ref), variables);
      const index = variables.findIndex((each) => each.key === key);
      const uuid = variables[index]?.uuid ?? `{${randomUUID()}}`;
      variables.splice(index === -1 ? variables.length : index, index === -1 ? 0 : 1, {
        uuid,
        key,
        value,
        secured,
      });
    },
    environments: (repository) =>
      environments.get(repository) ?? (places.has(`repositories/${repository}`) ? [] : undefined),
    except: (ref, keys) =>
      JSON.stringify(
        [...places].map(([place, variables]) => [
          place,
          variables.map((variable) =>
            place === byUuid(ref) && keys.includes(variable.key) ? { ...variable, value: '' } : variable,
          ),
        ]),
      ),
  };
}
