/** Roles by their name in GitLab. */
const VALUES = { guest: 10, planner: 15, reporter: 20, developer: 30, maintainer: 40, owner: 50 } as const;

export const LEVELS = ['guest', 'planner', 'reporter', 'developer', 'maintainer', 'owner'] as const;

export function levelValue(name: (typeof LEVELS)[number]): number {
  return VALUES[name];
}

export function levelName(value: number): string {
  return LEVELS.find((name) => VALUES[name] === value) ?? `level ${value}`;
}
