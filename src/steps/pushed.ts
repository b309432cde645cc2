import type { JsonObject } from '../core/json.ts';

/** What is known of a push that was done. */
export interface Pushed extends JsonObject {
  readonly version: string | null;
  readonly verifiedBy: 'read-back' | 'timestamp' | 'none';
  /** Epoch ms at which it was verified: an old key used later than this is still in use somewhere. */
  readonly at: number;
  readonly details: JsonObject | null;
}
