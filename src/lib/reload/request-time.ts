/** The time of a reload may be that of a deployment; one request has no need of all of it. */
export const REQUEST_MS = 30_000;

/** The same surroundings, for a client that asks many times. */
export function forRequests<Open extends { readonly timeoutMs: number }>(open: Open): Open {
  return { ...open, timeoutMs: Math.min(open.timeoutMs, REQUEST_MS) };
}
