import type { EmulatedAnswer, EmulatedRequest } from '../../emulator/loopback-server.ts';

/** Reference to the token of every emulated CircleCI. */
export const EMULATED_TOKEN = 'env:CIRCLECI_EMULATOR_TOKEN';

/** Below it lies everything. */
export const API = '/api/v2';

const PROBLEMS: Readonly<Record<number, string>> = {
  401: 'You must log in first.',
  403: 'Permission denied.',
  404: 'Not found.',
  429: 'Too many requests.',
  500: 'Internal server error.',
};

export function json(status: number, body: object): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: JSON.stringify(body),
  };
}

export function problem(status: number, message = PROBLEMS[status]): EmulatedAnswer {
  return json(status, { message: message ?? `Status ${status}.` });
}

/** What a `status` fault says. */
export function errorBody(status: number): { readonly body: string } {
  return { body: problem(status).body ?? '' };
}

/** One page of a list; `page-token` is where the next one begins. */
export function pageOf(items: readonly object[], { query }: EmulatedRequest, size: number): EmulatedAnswer {
  const from = Number(query.get('page-token') ?? 0);
  const next = from + size < items.length ? String(from + size) : null;
  return json(200, { items: items.slice(from, from + size), next_page_token: next });
}

/** The body of a request; empty where it is no JSON object. */
export function bodyOf({ body }: EmulatedRequest): Readonly<Record<string, unknown>> {
  try {
    const told = JSON.parse(body) as unknown;
    return typeof told === 'object' && told !== null ? (told as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
