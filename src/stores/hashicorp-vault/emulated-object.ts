import { joinObject, type RawObject } from './raw-object.ts';

/** Go writes maps in the order of their keys. */
export function sortedObject(entries: RawObject): string {
  return joinObject(new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1))));
}
