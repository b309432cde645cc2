import { z } from 'zod';
import type { WrittenDuration } from '../duration.ts';

/** Longer than nothing: on a clock that only pauses move, the end of the time would never come. */
const INTERVAL_PATTERN = /^(?=0*[1-9])\d{1,9}(ms|s|m|h|d)$/;

/** How often a reload looks. How long it does is `timeout`, which every reload has. */
export function intervalSchema(usual: WrittenDuration) {
  return z
    .string()
    .regex(INTERVAL_PATTERN, { error: 'must be a duration such as 500ms, 10s or 1m' })
    .default(usual)
    .describe('Pause between two looks: 500ms, 10s, 1m. `timeout` is for all of them.');
}
