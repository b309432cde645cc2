/** `team/app/deploy`, the full name of a job or folder, as `/job/team/job/app/job/deploy`. */
export function itemPath(names: readonly string[]): string {
  return names.map((name) => `/job/${encodeURIComponent(name)}`).join('');
}
