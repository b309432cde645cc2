import { hostname, userInfo } from 'node:os';

/** Who keyturn runs as, and where: the identity of stores that have none of their own. */
export function localUser(): { readonly user: string; readonly host: string } {
  return { user: userName(), host: hostname() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that no list knows.
    return String(process.geteuid?.() ?? 'unknown');
  }
}
