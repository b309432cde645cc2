import type { SdkCall } from '../../lib/http/sdk-calls.ts';

/** What one request to Secret Manager is about. */
export interface Call extends SdkCall {
  /** Sent with the request: then a failed precondition is a lost race. */
  readonly etag?: string;
}
