/** Full path of a project or group (`acme/shop`), or its number. */
export const FULL_PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/;

/** As GitLab takes it for `:id`: one segment, its slashes encoded. */
export function idOf(fullPath: string): string {
  return encodeURIComponent(fullPath);
}
