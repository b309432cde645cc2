import { RotationError } from '../../core/errors/rotation-error.ts';
import type { About } from '../http/answer.ts';
import type { CircleciClient } from './circleci-client.ts';

/**
 * Every item of a list, to the last page: `{"items":[…],"next_page_token":null}`.
 * @throws RotationError UNAVAILABLE when an answer is no such list, or the pages do not end
 */
export async function readList(
  client: CircleciClient,
  list: { readonly path: string; readonly query?: Readonly<Record<string, string>> },
  about: Omit<About, 'effect'>,
  signal: AbortSignal,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Record<string, unknown>[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const query = new URLSearchParams({
      ...list.query,
      ...(token === undefined ? {} : { 'page-token': token }),
    });
    const path = query.size === 0 ? list.path : `${list.path}?${query}`;
    const page = await client.ask({ ...about, effect: 'read', method: 'GET', path }, signal);
    if (!Array.isArray(page['items'])) throw strange(about, 'the answer is not a list');
    items.push(...page['items'].filter((item) => typeof item === 'object' && item !== null));
    token = nextToken(page['next_page_token']);
    if (token !== undefined && seen.has(token)) throw strange(about, 'the pages of the list go in circles');
    seen.add(token ?? '');
  } while (token !== undefined);
  return items;
}

function nextToken(told: unknown): string | undefined {
  return typeof told === 'string' && told !== '' ? told : undefined;
}

function strange(about: Omit<About, 'effect'>, reason: string): RotationError {
  return new RotationError('UNAVAILABLE', { ...about, reason });
}
