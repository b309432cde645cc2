const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration that is written in the code: a default, a limit. The compiler sees that it is one. */
export type WrittenDuration = `${bigint}${keyof typeof UNITS}`;

/** At most nine digits, so that every duration is a safe integer of milliseconds. */
export const DURATION_PATTERN = /^(\d{1,9})(ms|s|m|h|d)$/;

/** Milliseconds of `500ms`, `10s`, `5m`, `2h` or `7d`; undefined when it is none of these. */
export function parseDuration(text: WrittenDuration): number;
export function parseDuration(text: string): number | undefined;
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = DURATION_PATTERN.exec(text) ?? [];
  if (digits === undefined || unit === undefined || !Object.hasOwn(UNITS, unit)) return undefined;
  return Number(digits) * UNITS[unit as keyof typeof UNITS];
}

/** The shortest exact way to write it: 90000 → `90s`. */
export function formatDuration(ms: number): string {
  const units = Object.entries(UNITS).reverse();
  const [unit, size] = units.find(([, each]) => ms !== 0 && ms % each === 0) ?? ['s', 1000];
  return `${ms / size}${unit}`;
}
