/** Everything GitLab keeps of a variable. */
export interface EmulatedVariable {
  readonly key: string;
  readonly value: string;
  readonly variable_type: 'env_var' | 'file';
  readonly protected: boolean;
  readonly masked: boolean;
  /** Chosen when it is made, with `masked`, and never again. */
  readonly hidden: boolean;
  readonly raw: boolean;
  readonly environment_scope: string;
  readonly description: string | null;
}

export type Collection = EmulatedVariable[];

export interface EmulatedVariables {
  /** `projects/acme/shop`, `groups/acme`, `instance`; undefined when there is no such place. */
  find(place: string): Collection | undefined;
  /** What somebody does in the web page, who sees what is there. */
  set(place: string, variable: Partial<EmulatedVariable> & { readonly key: string }): void;
  /** Everything there is but these variables of a place, as text to compare. */
  except(place: string, scope: string, keys: readonly string[]): string;
}

const USUAL: Omit<EmulatedVariable, 'key' | 'value'> = {
  variable_type: 'env_var',
  protected: true,
  masked: true,
  hidden: false,
  raw: true,
  environment_scope: '*',
  description: 'kept by the platform team',
};

export function createEmulatedVariables(): EmulatedVariables {
  const places = new Map<string, Collection>([['instance', []]]);
  return {
    find: (place) => places.get(place),
    set: (place, { key, ...given }) => {
      const variables = places.get(place) ?? [];
      places.set(place, variables);
      const scope = given.environment_scope ?? '*';
      const index = variables.findIndex((each) => each.key === key && each.environment_scope === scope);
      const before = variables[index] ?? { ...USUAL, value: '' };
      variables.splice(index === -1 ? variables.length : index, index === -1 ? 0 : 1, {
        ...before,
        ...given,
        key,
      });
    },
    except: (ours, scope, keys) =>
      JSON.stringify(
        [...places].map(([place, variables]) => [
          place,
          variables.map((variable) =>
            place === ours && variable.environment_scope === scope && keys.includes(variable.key)
              ? { ...variable, value: 'the value of the slot' }
              : variable,
          ),
        ]),
      ),
  };
}
