import type { Secret } from '../../core/secret.ts';

/** GitHub refuses requests without a `User-Agent` (403). */
export function githubHeaders(token?: Secret): Record<string, string> {
  return {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    'user-agent': 'keyturn',
    ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
  };
}
