import type { Fault } from './source.ts';

/** One file as data, with what is wrong in it. */
export interface Parsed {
  readonly data: unknown;
  readonly faults: readonly Fault[];
}
