import { RotationError } from '../../core/errors/rotation-error.ts';
import { type About, areRecords, jsonOf } from '../http/answer.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import type { GitlabClient, GitlabObject } from './gitlab-client.ts';

/** The most GitLab gives on one page. */
const PER_PAGE = 100;

/** More than any list keyturn reads; a server that always names a next page ends here. */
const MOST_PAGES = 1000;

/**
 * Every item of a list, to the last page.
 * @throws RotationError as `gitlabError` has it; UNAVAILABLE when an answer is no list, or the pages do not end
 */
export async function readList(
  client: GitlabClient,
  path: string,
  about: Omit<About, 'effect'>,
  signal: AbortSignal,
): Promise<readonly GitlabObject[]> {
  const what = { ...about, effect: 'read' } as const;
  const items: GitlabObject[] = [];
  let page: number | undefined = 1;
  while (page !== undefined) {
    if (page > MOST_PAGES) throw strange(about, 'the pages of the list do not end');
    const query = `per_page=${PER_PAGE}&page=${page}`;
    const url = `${path}${path.includes('?') ? '&' : '?'}${query}`;
    const answer = await client.send({ ...what, method: 'GET', path: url }, signal);
    const told = jsonOf(answer, what);
    if (!areRecords<GitlabObject>(told)) throw strange(about, 'the answer is not a list of objects');
    for (const item of told) items.push(item);
    page = hasMore(answer, told.length) ? page + 1 : undefined;
  }
  return items;
}

/** Empty on the last page. Where a proxy has dropped the header, a full page may have another behind it. */
function hasMore({ headers }: HttpAnswer, length: number): boolean {
  const next = headers['x-next-page'];
  return next === undefined ? length >= PER_PAGE : next.trim() !== '';
}

function strange(about: Omit<About, 'effect'>, reason: string): RotationError {
  return new RotationError('UNAVAILABLE', { ...about, reason });
}
