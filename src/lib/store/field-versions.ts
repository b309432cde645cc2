import type { Fields } from '../../core/credential.ts';
import type { Slot, StoredSecret, Version } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';

/** Of systems that keep one version for each field: the version of a slot is theirs, in the order of its fields. */
export function joinVersions(versions: readonly (Version | undefined)[]): Version | undefined {
  if (versions.includes(undefined)) return undefined;
  return versions.length === 1 ? versions[0] : JSON.stringify(versions);
}

/** The versions of so many fields; nothing where a version is one for all of them. */
export function splitVersion(version: Version | undefined, count: number): readonly (Version | undefined)[] {
  if (version === undefined || count === 1) return [version];
  try {
    const parts: unknown = JSON.parse(version);
    const isSplit =
      Array.isArray(parts) && parts.length === count && parts.every((part) => typeof part === 'string');
    return isSplit ? (parts as string[]) : [];
  } catch {
    return [];
  }
}

/** A write that is left to do, and what it is based on. */
export interface LeftToWrite {
  readonly slot: Slot;
  readonly expected: Version | undefined;
}

/**
 * What is left of a write based on `expected`: all of it; or, where it was cut off between two fields, those that do
 * not hold their new value yet. Undefined when somebody else has written.
 */
export function leftToWrite(
  slot: Slot,
  values: Fields<Secret>,
  expected: Version,
  now: StoredSecret,
): LeftToWrite | undefined {
  if (now.version === expected) return { slot, expected };
  const count = slot.fields.length;
  const [before, current] = [splitVersion(expected, count), splitVersion(now.version, count)];
  const left = slot.fields.flatMap((field, index) => {
    const held = now.fields[field];
    const wanted = values[field];
    return held !== undefined && wanted?.equals(held)
      ? []
      : [{ field, was: before[index], is: current[index] }];
  });
  if (left.some(({ was, is }) => was === undefined || was !== is)) return undefined;
  return {
    slot: { ...slot, fields: left.map(({ field }) => field) },
    expected: joinVersions(left.map(({ is }) => is)),
  };
}
