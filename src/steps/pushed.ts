import type { JsonObject } from '../core/json.ts';
import type { WriteReceipt } from '../core/plugins/store.ts';

/** What is known of a push that was done. */
export interface Pushed extends JsonObject {
  readonly version: string | null;
  /** The version that was live before. */
  readonly replaced: string | null;
  readonly verifiedBy: 'read-back' | 'timestamp' | 'none';
  /** Epoch ms at which it was verified: an old key used later than this is still in use somewhere. */
  readonly at: number;
  readonly details: JsonObject | null;
}

/** What the store answered, as it is given back to it. */
export function receiptOf({ version, details }: Pushed): WriteReceipt {
  return { version: version ?? undefined, ...(details === null ? {} : { details }) };
}
