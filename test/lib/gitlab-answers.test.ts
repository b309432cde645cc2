import { expect, it } from 'vitest';
import type { GitlabClient } from '../../src/lib/gitlab/gitlab-client.ts';
import { gitlabError } from '../../src/lib/gitlab/gitlab-error.ts';
import { readList } from '../../src/lib/gitlab/read-list.ts';

const ABOUT = { subject: 'gitlab', action: 'ask GitLab about the token', effect: 'read' } as const;
const meant = (body: unknown) =>
  gitlabError(
    { status: 401, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) },
    ABOUT,
  );

/** Death of a key is concluded from a 401: only GitLab's own words for it may count. */
it.each([
  [{ error: 'invalid_token', error_description: 'Token was revoked. You have to re-authorize.' }],
  [{ error: 'invalid_token', error_description: 'Token is expired.' }],
  [{ message: '401 Unauthorized' }],
])('%j is of a dead token', (body) => {
  expect(meant(body).code).toBe('UNAUTHENTICATED');
});

it.each([
  [
    'a demand of GitLab on a live token',
    { error: 'dpop_error', error_description: 'DPoP header is missing' },
  ],
  ['the word of a gateway', { message: 'Unauthorized' }],
  ['the error of a gateway', { error: 'login_required' }],
])('%s proves nothing', (_what, body) => {
  expect(meant(body)).toMatchObject({ code: 'PERMISSION_DENIED', retryable: false });
});

it.each([['<html>Log in</html>'], [''], ['null'], ['[]'], ['"401"']])(
  'the page %j proves nothing',
  (body) => {
    expect(meant(body).code).toBe('UNAVAILABLE');
  },
);

it.each([[[{ id: 1 }, null]], [[{ id: 1 }, 'text']], [{}], [null]])(
  '%j is no list, not even a short one',
  async (body) => {
    const send = async () => ({ status: 200, headers: {}, body: JSON.stringify(body) });
    const client = { name: 'gitlab', send } as unknown as GitlabClient;
    const attempt = readList(client, '/x', ABOUT, new AbortController().signal);
    await expect(attempt).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  },
);
