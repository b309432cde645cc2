import { RotationError } from '../../core/errors/rotation-error.ts';
import type { About } from '../../lib/http/answer.ts';
import type { BitbucketClient, BitbucketObject } from './bitbucket-client.ts';

/** The most Bitbucket gives on one page. */
const PAGE_LENGTH = 100;

/** More than any list keyturn reads; a server that always names a next page ends here. */
const MOST_PAGES = 1000;

/**
 * Every item of a list, to the last page: `{"values":[…],"next":"https://…"}`. Of the address in `next` only the query is
 * taken: credentials go where the config says, and nowhere else.
 * @throws RotationError UNAVAILABLE when an answer is no such list, or the pages do not end
 */
export async function readList(
  client: BitbucketClient,
  path: string,
  about: Omit<About, 'effect'>,
  signal: AbortSignal,
): Promise<readonly BitbucketObject[]> {
  const items: BitbucketObject[] = [];
  const seen = new Set<string>();
  let query: string | undefined = `?pagelen=${PAGE_LENGTH}`;
  while (query !== undefined) {
    if (seen.has(query)) throw strange(about, 'the pages of the list go in circles');
    seen.add(query);
    if (seen.size > MOST_PAGES) throw strange(about, 'the pages of the list do not end');
    const page: BitbucketObject = await client.ask(
      { ...about, effect: 'read', method: 'GET', path: `${path}${query}` },
      signal,
    );
    const { values, next } = page;
    if (!Array.isArray(values)) throw strange(about, 'the answer is not a list');
    for (const item of values) if (typeof item === 'object' && item !== null) items.push(item);
    query = nextQuery(next, about);
  }
  return items;
}

function nextQuery(next: unknown, about: Omit<About, 'effect'>): string | undefined {
  if (next === undefined || next === null || next === '') return undefined;
  if (typeof next === 'string' && URL.canParse(next)) return new URL(next).search;
  throw strange(about, 'the address of the next page is none');
}

function strange(about: Omit<About, 'effect'>, reason: string): RotationError {
  return new RotationError('UNAVAILABLE', { ...about, reason });
}
