import { expect, it } from 'vitest';
import type { GithubClient } from '../../src/lib/github/github-client.ts';
import { readList } from '../../src/lib/github/read-list.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';

/** A part of a list is never taken for all of it: a write that names who may use a secret would drop the others. */

const LIST = { path: '/orgs/acme/actions/secrets/KEY/repositories', member: 'repositories' };
const ABOUT = { subject: 'github/orgs/acme', action: 'see who may use it' };

const read = (answer: (page: number) => Pick<HttpAnswer, 'body'> & Partial<HttpAnswer>) => {
  const client: Pick<GithubClient, 'send'> = {
    send: async ({ path }) => {
      const page = Number(new URLSearchParams(path.split('?')[1]).get('page'));
      return { status: 200, headers: {}, ...answer(page) };
    },
  };
  return readList(client as GithubClient, LIST, ABOUT, new AbortController().signal);
};

const repositories = (count: number, from = 0) => Array.from({ length: count }, (_, n) => ({ id: from + n }));

it('gives up on pages that do not end', async () => {
  const headers = { link: '<https://api.github.com/next>; rel="next"' };
  const endless = read(() => ({ headers, body: JSON.stringify({ repositories: [{ id: 1 }] }) }));
  await expect(endless).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('do not end'),
  });
});

it('reads on where a proxy has dropped `Link`, as long as there are more', async () => {
  const all = repositories(230);
  const pages = (total: object) =>
    read((page) => {
      const found = all.slice((page - 1) * 100, page * 100);
      return { body: JSON.stringify({ ...total, repositories: found }) };
    });
  expect(await pages({ total_count: 230 })).toEqual(all);
  // Fewer than were promised: one has gone meanwhile. It ends all the same.
  expect(await pages({ total_count: 231 })).toEqual(all);
});

it('takes a page of any length', async () => {
  const body = JSON.stringify({ repositories: repositories(200_000) });
  expect(await read(() => ({ body }))).toHaveLength(200_000);
});

it('refuses a list with something else in it', async () => {
  const body = JSON.stringify({ repositories: [{ id: 1 }, null] });
  await expect(read(() => ({ body }))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
