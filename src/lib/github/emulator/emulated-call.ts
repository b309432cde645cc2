import type { JsonObject } from '../../../core/json.ts';
import type { EmulatedRequest } from '../../emulator/loopback-server.ts';

/** One request to the API, taken apart. */
export interface EmulatedCall {
  readonly method: string;
  /** Below the API's base, decoded: `['repos', 'acme', 'shop']`. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  /** What `Authorization: Bearer` carries. */
  readonly token: string | undefined;
}

export function callOf(request: EmulatedRequest): EmulatedCall {
  const path = request.path.replace(/^\/api\/v3(?=\/)/, '');
  return {
    method: request.method,
    segments: path.split('/').slice(1).map(decodeURIComponent),
    query: request.query,
    body: bodyOf(request.body),
    token: /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1],
  };
}

function bodyOf(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
