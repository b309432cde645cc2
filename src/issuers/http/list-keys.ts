import { RotationError } from '../../core/errors/rotation-error.ts';
import type { CallContext } from '../../core/plugins/contexts.ts';
import type { KeyRecord } from '../../core/plugins/issuer.ts';
import { jsonOf } from '../../lib/http/answer.ts';
import type { Condition } from '../../lib/http-request/request-schema.ts';
import { type Send, unexpected } from '../../lib/http-request/send-request.ts';
import { textAt } from '../../lib/http-request/text-at.ts';
import { atPath } from '../../lib/json-path.ts';
import type { HttpOptions } from './options.ts';

type ListOptions = NonNullable<HttpOptions['list']>;

/** Against an API that leads in circles. */
const MOST_PAGES = 1_000;

export async function listKeys(
  list: ListOptions,
  send: Send,
  subject: string,
  { signal }: CallContext,
): Promise<readonly KeyRecord[]> {
  const about = { subject, action: 'list the keys', effect: 'read' as const };
  const records: KeyRecord[] = [];
  let query: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { answer, expected } = await send({
      ...about,
      request: list,
      values: {},
      authorized: true,
      ...(query === undefined ? {} : { query }),
      signal,
    });
    if (!expected) throw unexpected(answer, about);
    const document = jsonOf(answer, about);
    records.push(...recordsIn(document, list, about));
    const next = nextPage(document, list, about);
    if (next === undefined) return records;
    if (next === query) throw misread(about, 'a page that leads to itself', CIRCLES);
    query = next;
  }
  throw misread(about, `more than ${MOST_PAGES} pages`, CIRCLES);
}

const CIRCLES = 'Check `list.next`: it may lead in circles.';

/** The query that leads to the next page; undefined on the last. */
function nextPage(document: unknown, { next }: ListOptions, about: About): string | undefined {
  if (next === undefined) return undefined;
  const cursor = textAt(document, next.cursor);
  if (cursor !== undefined) return new URLSearchParams({ [next.parameter]: cursor }).toString();
  const end = atPath(document, next.cursor);
  if (end === undefined || end === null || end === '' || end === false) return undefined;
  // `has_more: true` says that there is a page and not which: half a list is none.
  throw misread(about, `what is at ${next.cursor} leads nowhere`, 'Check `list.next.cursor`.');
}

interface About {
  readonly subject: string;
  readonly action: string;
}

function recordsIn(document: unknown, list: ListOptions, about: About): KeyRecord[] {
  const items = atPath(document, list.items);
  // No array is not an empty one: an orphan that is not seen would be minted twice.
  if (!Array.isArray(items)) throw misread(about, `there is no list at ${list.items}`, 'Check `list.items`.');
  return items.map((item) => {
    const id = textAt(item, list.id);
    if (id === undefined) throw misread(about, `a key has no id at ${list.id}`, 'Check `list.id`.');
    const createdAt = textAt(item, list.createdAt);
    const label = textAt(item, list.label);
    return {
      id,
      status: list.active === undefined || holds(item, list.active) ? 'active' : 'inactive',
      ...(createdAt === undefined ? {} : { createdAt }),
      ...(label === undefined ? {} : { label }),
    };
  });
}

export function holds(document: unknown, { path, equals }: Condition): boolean {
  return atPath(document, path) === equals;
}

function misread(about: About, reason: string, hint: string): RotationError {
  return new RotationError('UNAVAILABLE', { ...about, reason, hint });
}
