/** Scopes that hold others which do not begin with their own name. */
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  repo: ['public_repo', 'repo_deployment', 'security_events'],
  user: ['read:user'],
  project: ['read:project'],
  'write:packages': ['read:packages'],
};

/** Scopes of a classic token that another one does not have, not even as part of a larger one. */
export function scopesLost(old: readonly string[], next: readonly string[]): readonly string[] {
  return old.filter((wanted) => !next.some((held) => covers(held, wanted)));
}

/** `repo` holds `repo:status`; `admin:org` holds `write:org`, which holds `read:org`. */
function covers(held: string, wanted: string): boolean {
  if (held === wanted || wanted.startsWith(`${held}:`) || HOLDS[held]?.includes(wanted) === true) return true;
  const [level, thing] = held.split(':');
  if (level === 'admin') return wanted === `write:${thing}` || wanted === `read:${thing}`;
  return level === 'write' && wanted === `read:${thing}`;
}
