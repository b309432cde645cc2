import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, areRecords } from '../http/answer.ts';
import type { CircleciClient } from './circleci-client.ts';

/** More than any list keyturn reads; a server that always names a next page ends here. */
const MOST_PAGES = 1000;

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
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const query = new URLSearchParams({
      ...list.query,
      ...(token === undefined ? {} : { 'page-token': token }),
    });
    const path = query.size === 0 ? list.path : `${list.path}?${query}`;
    const page = await client.ask({ ...about, effect: 'read', method: 'GET', path }, signal);
    const told = page['items'];
    if (!areRecords<Record<string, unknown>>(told))
      throw strange(about, 'the answer is not a list of objects');
    for (const item of told) items.push(item);
    token = nextToken(page['next_page_token'], about);
    if (token === undefined) return items;
    if (seen.has(token)) throw strange(about, 'the pages of the list go in circles');
    seen.add(token);
  }
  throw strange(about, 'the pages of the list do not end');
}

function nextToken(told: unknown, about: Omit<About, 'effect'>): string | undefined {
  if (told === undefined || told === null || told === '') return undefined;
  if (typeof told === 'string') return told;
  throw strange(about, 'the token of the next page is none');
}

function strange(about: Omit<About, 'effect'>, reason: string): RotationError {
  return new RotationError('UNAVAILABLE', { ...about, reason });
}
