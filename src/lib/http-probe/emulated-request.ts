import type { JsonObject } from '../../core/json.ts';
import type { Expectation, RequestOptions } from './probe-options.ts';

/** Stands for a secret of the user's own in a rehearsal. */
export const EMULATED_REFERENCE = 'env:KEYTURN_EMULATED_HEADER';

type Adapted = Pick<RequestOptions, 'url' | 'headersFrom'> & { readonly expect: Expectation };

/** What changes in a user's request when it is made to an emulator: another origin, another certificate, other secrets. */
export function emulatedRequest({ url, headersFrom, expect }: Adapted, address: string) {
  const from = Object.entries(headersFrom).map(([name, each]) => [
    name,
    typeof each === 'string' ? EMULATED_REFERENCE : { ...each, reference: EMULATED_REFERENCE },
  ]);
  return {
    url: `${address}${url.replace(/^[^/]+\/\/[^/?]*/, '')}`,
    headersFrom: Object.fromEntries(from) as JsonObject,
    expect: answerable(expect),
    ca: undefined,
  };
}

/** An emulator sees values, not the names of parts: what depends on one of them is asked for in a simpler way. */
function answerable(expected: Expectation): JsonObject {
  const { status, jsonPath, equals, exists, bodyContains } = expected;
  const filled = typeof equals === 'string' && equals.includes('{{');
  const text = bodyContains?.includes('{{') ? undefined : bodyContains;
  return {
    status,
    jsonPath,
    equals: filled ? undefined : equals,
    exists: filled ? true : exists,
    // One body cannot be any JSON and hold any text as well.
    bodyContains: jsonPath === undefined ? text : undefined,
  };
}
