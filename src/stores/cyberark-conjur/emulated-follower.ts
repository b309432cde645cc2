import type { EmulatedVariable } from './emulated-variables.ts';

/** What a replica shows: each new version only when it has been asked `lagRequests` times since. */
export function followerView(
  lagRequests: number,
): (id: string, variable: EmulatedVariable) => EmulatedVariable['versions'] {
  const replicated = new Map<string, { version: number; left: number }>();

  return (id, variable) => {
    const newest = variable.versions.at(-1)?.version ?? 0;
    const state = replicated.get(id) ?? { version: newest, left: lagRequests };
    replicated.set(id, state);
    if (state.version < newest) {
      if (state.left === 0) Object.assign(state, { version: newest, left: lagRequests });
      else state.left -= 1;
    }
    return variable.versions.filter(({ version }) => version <= state.version);
  };
}
