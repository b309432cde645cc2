import { expect, it } from 'vitest';
import type { GithubClient } from '../../src/lib/github/github-client.ts';
import { readList } from '../../src/lib/github/read-list.ts';

it('takes no part of a list for all of it: a write that names who may use a secret would drop the others', async () => {
  const endless: Pick<GithubClient, 'send'> = {
    send: async () => ({
      status: 200,
      headers: { link: '<https://api.github.com/next>; rel="next"' },
      body: JSON.stringify({ repositories: [{ id: 1 }] }),
    }),
  };
  const list = { path: '/orgs/acme/actions/secrets/KEY/repositories', member: 'repositories' };
  const about = { subject: 'github/orgs/acme', action: 'see who may use it' };
  await expect(
    readList(endless as GithubClient, list, about, new AbortController().signal),
  ).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('do not end') });
});
