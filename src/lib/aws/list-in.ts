/** The SDK passes on what it gets, whatever its types say: no list at all, and items that are null. */
export function listIn<T>(told: readonly T[] | null | undefined): readonly T[] {
  return Array.isArray(told) ? told.filter((item: T | null) => item !== null) : [];
}
