import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import type { HttpAnswer, HttpRequest } from '../http/http-client.ts';
import { conjurError } from './conjur-error.ts';
import type { ConjurAuth } from './connection-options.ts';

/** The request that trades a credential for an access token. The login is one path segment, its slash encoded. */
export async function authenticationRequest(
  auth: ConjurAuth,
  account: string,
  resolve: (reference: string) => Promise<Secret>,
): Promise<Pick<HttpRequest, 'path' | 'headers' | 'body'>> {
  const at = encodeURIComponent(account);
  if (auth.method === 'api-key') {
    const apiKey = await resolve(auth.apiKey);
    return {
      path: `/authn/${at}/${encodeURIComponent(auth.login)}/authenticate`,
      headers: { 'content-type': 'text/plain' },
      body: apiKey.reveal(),
    };
  }
  const token = await resolve(auth.token);
  const host = auth.host === undefined ? '' : `/${encodeURIComponent(auth.host)}`;
  return {
    path: `/authn-jwt/${encodeURIComponent(auth.serviceId)}/${at}${host}/authenticate`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `jwt=${encodeURIComponent(token.reveal())}`,
  };
}

/** Conjur answers 401 without a word, whatever is wrong. */
export function authenticationRefusal(
  answer: HttpAnswer,
  settings: { readonly name: string; readonly account: string; readonly auth: ConjurAuth },
): RotationError {
  const about = { subject: settings.name, action: 'authenticate', effect: 'read' as const };
  if (answer.status !== 401) return conjurError(answer, about);
  const who = settings.auth.method === 'jwt' ? `service ${settings.auth.serviceId}` : settings.auth.login;
  return new RotationError('UNAUTHENTICATED', {
    subject: settings.name,
    action: 'authenticate',
    reason: `Conjur refused ${who} in account ${settings.account} (status 401)`,
    hint: 'Check `account` and `auth`: hosts log in as `host/…`, and a rotated API key replaces the old one at once.',
  });
}
