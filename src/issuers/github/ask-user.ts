import { type Credential, VALUE_PART } from '../../core/credential.ts';
import type { Principal } from '../../core/plugins/issuer.ts';
import { sendAs } from '../../lib/github/github-client.ts';
import { githubError } from '../../lib/github/github-error.ts';
import { type TokenUser, userIn } from '../../lib/github/user.ts';
import type { About } from '../../lib/http/answer.ts';
import type { HttpClient } from '../../lib/http/http-client.ts';
import type { TokenKind } from './options.ts';
import { kindOf } from './token-format.ts';

/**
 * Who a token acts as, by `GET /user` with the token itself: every personal access token may ask that.
 * @throws RotationError UNAUTHENTICATED when it is dead: only GitHub's own 401 counts as that
 */
export async function askUser(
  http: HttpClient,
  key: Credential,
  name: string,
  signal: AbortSignal,
): Promise<Principal> {
  const about: About = { subject: name, action: 'ask GitHub who the token acts as', effect: 'read' };
  const answer = await sendAs(http, key[VALUE_PART], { ...about, method: 'GET', path: '/user' }, signal);
  if (answer.status !== 200) throw githubError(answer, about);
  return principalOf(userIn(answer, about), kindOf(key));
}

/** Of a fine-grained token GitHub tells neither permissions nor resource owner. */
function principalOf(user: TokenUser, kind: TokenKind | undefined): Principal {
  const { id, login, scopes, expiresAt } = user;
  const may = scopes === undefined ? '' : ` with ${scopes.length === 0 ? 'no scope' : scopes.join(', ')}`;
  const end = expiresAt === undefined ? 'without an expiry' : `which expires on ${expiresAt.slice(0, 10)}`;
  return {
    id: String(id),
    display: `${login} (${kind ?? 'unknown'} token${may}, ${end})`,
    details: {
      login,
      userId: id,
      kind: kind ?? null,
      scopes: scopes === undefined ? null : [...scopes],
      expiresAt: expiresAt ?? null,
    },
  };
}
