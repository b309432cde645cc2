/** Characters that mean nothing to a shell. */
const PLAIN = /^[A-Za-z0-9_./+=@:,%^-]+$/;

/**
 * A value as one word of a shell: Travis CI puts it as it is behind `export NAME=` in the script of the build. Most keys
 * are plain and stay as they are.
 */
export function shellWord(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
