import type { EmulatedAnswer, EmulatedRequest } from '../../emulator/loopback-server.ts';

/** Reference to the token of every emulated GitLab. */
export const EMULATED_TOKEN = 'env:GITLAB_EMULATOR_TOKEN';

/** Below it lies everything. */
export const API = '/api/v4';

const PROBLEMS: Readonly<Record<number, string>> = {
  401: '401 Unauthorized',
  403: '403 Forbidden',
  404: '404 Not Found',
  409: '409 Conflict',
  500: '500 Internal Server Error',
};

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): EmulatedAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** `message` is a text, or field → reasons. */
export function problem(status: number, message: unknown = PROBLEMS[status]): EmulatedAnswer {
  return json(status, { message: message ?? `${status}` });
}

/** What a `status` fault says. Slowed down, GitLab answers with plain text. */
export function errorBody(status: number): {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
} {
  if (status === 429) return { body: 'Retry later\n', headers: { 'content-type': 'text/plain' } };
  return { body: problem(status).body ?? '' };
}

/** One page of a list, as `page` and `per_page` ask for. */
export function pageOf(items: readonly unknown[], { query }: EmulatedRequest): EmulatedAnswer {
  const size = Math.min(Number(query.get('per_page') ?? 20), 100);
  const page = Number(query.get('page') ?? 1);
  const next = page * size < items.length ? String(page + 1) : '';
  return json(200, items.slice((page - 1) * size, page * size), {
    'x-page': String(page),
    'x-per-page': String(size),
    'x-next-page': next,
    'x-total': String(items.length),
  });
}

/** The token of a request, whichever way it comes. */
export function tokenOf({ headers }: EmulatedRequest): string | undefined {
  const given = headers['private-token'];
  if (typeof given === 'string') return given;
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
}

/** The segments of the path below `/api/v4`, decoded. */
export function segmentsOf({ path }: EmulatedRequest): readonly string[] {
  return path.startsWith(`${API}/`)
    ? path
        .slice(API.length + 1)
        .split('/')
        .map(decodeURIComponent)
    : [];
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
