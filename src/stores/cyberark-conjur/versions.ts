import { type Version, WHOLE } from '../../core/plugins/store.ts';

/** Field → highest version number of its variable; 0 while it has no value. */
export type Numbers = ReadonlyMap<string, number>;

/** `3`, or `accessKeyId=3&secretAccessKey=5` for a slot of several variables. */
export function formatVersion(numbers: Numbers): Version {
  const whole = numbers.get(WHOLE);
  if (numbers.size === 1 && whole !== undefined) return String(whole);
  const sorted = [...numbers].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = new URLSearchParams();
  for (const [field, number] of sorted) text.append(field, String(number));
  return text.toString();
}

/** Fields that the text does not name, or not with a number, are left out. */
export function parseVersion(version: Version): Numbers {
  if (/^\d+$/.test(version)) return new Map([[WHOLE, Number(version)]]);
  const entries = [...new URLSearchParams(version)].map(
    ([field, number]) => [field, Number(number)] as const,
  );
  return new Map(entries.filter(([, number]) => Number.isInteger(number)));
}
