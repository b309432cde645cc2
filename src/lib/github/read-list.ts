import { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import { type About, areRecords, recordIn, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import type { GithubClient } from './github-client.ts';
import { githubError } from './github-error.ts';

/** More than any list keyturn reads; a server that always names a next page ends here. */
const MOST_PAGES = 1000;

/**
 * Every item of a list, to the last page. `member` is the name under which the list stands in the answer.
 * @throws RotationError as `githubError` has it; UNAVAILABLE when an answer is no such list, or the pages do not end
 */
export async function readList(
  client: GithubClient,
  list: { readonly path: string; readonly member: string },
  about: Omit<About, 'effect'>,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const what = { ...about, effect: 'read' } as const;
  const items: JsonObject[] = [];
  for (let page = 1; ; page += 1) {
    if (page > MOST_PAGES) {
      throw new RotationError('UNAVAILABLE', { ...about, reason: 'the pages of the list do not end' });
    }
    const path = `${list.path}${list.path.includes('?') ? '&' : '?'}per_page=100&page=${page}`;
    const answer = await client.send({ ...what, method: 'GET', path }, signal);
    if (answer.status !== 200) throw githubError(answer, what);
    const { found, total } = pageIn(answer, list.member, what);
    for (const item of found) items.push(item);
    if (!hasNext(answer, found.length > 0 && items.length < total)) return items;
  }
}

/** The items of a page, and how many there are in all, where GitHub tells. */
function pageIn(
  answer: HttpAnswer,
  member: string,
  about: About,
): { readonly found: readonly JsonObject[]; readonly total: number } {
  const { [member]: found, total_count: total } = recordIn(answer, about);
  if (!areRecords<JsonObject>(found)) throw strangeAnswer(answer, about);
  return { found, total: typeof total === 'number' ? total : 0 };
}

/**
 * Whether `Link` names a next page. Its address is not followed: it may point elsewhere. Where a proxy has dropped the
 * header, the number of all items tells.
 */
function hasNext({ headers }: HttpAnswer, incomplete: boolean): boolean {
  const { link } = headers;
  return link === undefined ? incomplete : /;\s*rel="?next"?/.test(link);
}
