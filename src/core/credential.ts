import type { Secret } from './secret.ts';

/** Named things that belong together: the fields of a slot, the parts of a credential. */
export type Fields<T> = Readonly<Record<string, T>>;

/**
 * What is rotated: one or more named parts that go everywhere together (`value`; or `accessKeyId` and
 * `secretAccessKey`; or `username` and `password`; or `privateKey` and `publicKey`).
 */
export type Credential = Fields<Secret>;

/** The part a single-part credential has. */
export const VALUE_PART = 'value';

/** Part name → fingerprint, in a stable order. */
export function fingerprints(parts: Fields<Secret>): Fields<string> {
  return Object.fromEntries(
    Object.entries(parts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, secret]) => [name, secret.fingerprint()]),
  );
}

/** Whether both hold the same names with the same values. */
export function sameFields(left: Fields<Secret>, right: Fields<Secret>): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const [a, b] = [left[name], right[name]];
      return a !== undefined && b !== undefined && a.equals(b);
    })
  );
}
