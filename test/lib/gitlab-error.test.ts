import { expect, it } from 'vitest';
import { gitlabError } from '../../src/lib/gitlab/gitlab-error.ts';

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
