import type { Json, JsonObject } from '../../../core/json.ts';
import type { EmulatedAnswer } from '../../emulator/loopback-server.ts';

export function apiAnswer(
  status: number,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

export function refusal(status: number, message: string): EmulatedAnswer {
  return apiAnswer(status, {
    message,
    documentation_url: 'https://docs.github.com/rest',
    status: String(status),
  });
}

/** One page of a list, with `Link` to the next where there is one. */
export function pageOf(
  items: readonly Json[],
  member: string,
  query: URLSearchParams,
  rest: JsonObject = {},
): EmulatedAnswer {
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const page = Number(query.get('page') ?? 1);
  const shown = items.slice((page - 1) * size, page * size);
  const more = page * size < items.length;
  return apiAnswer(
    200,
    { total_count: items.length, [member]: shown, ...rest },
    more ? { link: `<https://api.github.com/x?page=${page + 1}>; rel="next", <x>; rel="last"` } : {},
  );
}
