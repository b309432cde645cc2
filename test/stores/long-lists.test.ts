import { expect, it } from 'vitest';
import { readList as circleciList } from '../../src/lib/circleci/read-list.ts';
import { readList as gitlabList } from '../../src/lib/gitlab/read-list.ts';
import type { JsonApi, JsonRecord } from '../../src/lib/http/json-api.ts';
import { readList as bitbucketList } from '../../src/stores/bitbucket-pipelines/read-list.ts';

/** Lists that no emulator gives: those that do not end, and those that are too long for one call of a function. */

interface Page {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const ABOUT = { subject: 'ci/acme', action: 'list the variables' };
const { signal } = new AbortController();
const MANY = Array.from({ length: 200_000 }, () => ({}));

/** Gives `page(1)`, `page(2)`, … whatever is asked. */
function serving(page: (n: number) => Page): JsonApi {
  let asked = 0;
  const next = (): Page => {
    asked += 1;
    return page(asked);
  };
  return {
    name: 'ci',
    address: 'https://ci.example',
    send: async () => {
      const { headers = {}, body } = next();
      return { status: 200, headers, body: JSON.stringify(body) };
    },
    ask: async () => next().body as JsonRecord,
    close: () => {},
  };
}

const LISTS = [
  {
    of: 'GitLab',
    read: (api: JsonApi) => gitlabList(api, '/projects/1/variables', ABOUT, signal),
    pageOf: (items: readonly object[], next?: string): Page => ({
      headers: { 'x-next-page': next ?? '' },
      body: items,
    }),
  },
  {
    of: 'CircleCI',
    read: (api: JsonApi) => circleciList(api, { path: '/context' }, ABOUT, signal),
    pageOf: (items: readonly object[], next?: string): Page => ({
      body: { items, next_page_token: next ?? null },
    }),
  },
  {
    of: 'Bitbucket',
    read: (api: JsonApi) => bitbucketList(api, '/workspaces/acme', ABOUT, signal),
    pageOf: (items: readonly object[], next?: string): Page => ({
      body: { values: items, ...(next === undefined ? {} : { next: `https://x.example/?page=${next}` }) },
    }),
  },
] as const;

it.each(LISTS)('$of: pages that do not end are given up', async ({ read, pageOf }) => {
  let asked = 0;
  const endless = serving((n) => {
    asked = n;
    // Far behind any limit, so that a reader without one fails here instead of running for ever.
    return n > 3_000 ? pageOf([]) : pageOf([{}], String(n + 1));
  });
  await expect(read(endless)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('do not end'),
  });
  expect(asked).toBeLessThanOrEqual(1_000);
});

it.each(LISTS)('$of: a page of any length is taken', async ({ read, pageOf }) => {
  expect(await read(serving(() => pageOf(MANY)))).toHaveLength(MANY.length);
});

it('CircleCI: a token of the next page that is none ends no list', async () => {
  const api = serving(() => ({ body: { items: [{}], next_page_token: 7 } }));
  await expect(circleciList(api, { path: '/context' }, ABOUT, signal)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
});
