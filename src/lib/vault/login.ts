import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import type { LoginMethod } from './connection-options.ts';
import { envelopeOf } from './envelope.ts';
import type { VaultClient } from './vault-client.ts';
import { type About, vaultError, vaultWords } from './vault-error.ts';

/** A token as a login or a renewal gave it. */
export interface Lease {
  readonly token: Secret;
  /** Seconds; 0 for a token that never expires. */
  readonly seconds: number;
  readonly renewable: boolean;
  /** Batch tokens expire, but can be neither renewed nor revoked. */
  readonly batch: boolean;
}

type Resolve = (reference: string) => Promise<Secret>;

/**
 * Exchanges the credentials of a method for a token. They are resolved anew each time: a projected service
 * account token is replaced every hour.
 * @throws RotationError UNAUTHENTICATED; REFUSED for a token with a number of uses
 */
export async function logIn(
  client: VaultClient,
  auth: LoginMethod,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Lease> {
  const action = `log in with ${auth.method} at auth/${auth.mount}`;
  const { path, body } = await loginRequest(auth, resolve);
  // A lost answer leaves a token that nobody holds and that expires; asking again does no harm: a read.
  const about: About = { subject: client.name, action, effect: 'read' };
  const answer = await client.send(
    { method: 'POST', path, body: JSON.stringify(body), effect: 'read', action, signal },
    undefined,
  );
  if (answer.status === 400 || answer.status === 403) throw notAccepted(answer, about, auth);
  if (answer.status !== 200) throw vaultError(answer, about);
  return leaseOf(answer, about);
}

/** @throws RotationError REFUSED, UNAUTHENTICATED */
export function leaseOf(answer: HttpAnswer, about: About): Lease {
  const { auth } = envelopeOf(answer, about);
  const token = auth?.['client_token'];
  if (typeof token !== 'string' || token === '') {
    const mfa = auth?.['mfa_requirement'];
    throw new RotationError('UNAUTHENTICATED', {
      subject: about.subject,
      action: about.action,
      reason:
        mfa === undefined || mfa === null ? 'the answer holds no token' : 'a second factor is asked for',
      hint: 'Use a method for machines, such as approle, kubernetes or jwt, without a second factor.',
    });
  }
  refuseCountedToken(auth?.['num_uses'], about);
  return {
    token: new Secret(token),
    seconds: Number(auth?.['lease_duration'] ?? 0),
    renewable: auth?.['renewable'] === true,
    batch: auth?.['token_type'] === 'batch',
  };
}

/** Each request burns a use, so such a token dies in the middle of a rotation. @throws RotationError REFUSED */
export function refuseCountedToken(uses: unknown, about: Pick<About, 'subject' | 'action'>): void {
  if (typeof uses !== 'number' || uses === 0) return;
  throw new RotationError('REFUSED', {
    subject: about.subject,
    action: about.action,
    reason: `its token dies after ${uses} more uses, which may be in the middle of a rotation`,
    hint: 'Use a token without a number of uses (`token_num_uses: 0` in the role).',
  });
}

async function loginRequest(
  auth: LoginMethod,
  resolve: Resolve,
): Promise<{ readonly path: string; readonly body: Record<string, string> }> {
  const path = `/auth/${auth.mount.split('/').map(encodeURIComponent).join('/')}/login`;
  const plain = async (reference: string): Promise<string> => (await resolve(reference)).reveal().trim();
  switch (auth.method) {
    case 'approle':
      return { path, body: { role_id: await plain(auth.roleId), secret_id: await plain(auth.secretId) } };
    case 'userpass': {
      // A password is taken as it is: white space may belong to it.
      const password = (await resolve(auth.password)).reveal();
      return { path: `${path}/${encodeURIComponent(auth.username)}`, body: { password } };
    }
    case 'kubernetes':
      return { path, body: { role: auth.role, jwt: await plain(auth.jwt) } };
    case 'jwt':
      return {
        path,
        body: { ...(auth.role === undefined ? {} : { role: auth.role }), jwt: await plain(auth.jwt) },
      };
  }
}

function notAccepted(answer: HttpAnswer, about: About, auth: LoginMethod): RotationError {
  return new RotationError('UNAUTHENTICATED', {
    subject: about.subject,
    action: about.action,
    reason: vaultWords(answer) ?? `status ${answer.status}`,
    hint: `Check the credentials, that ${auth.method} is mounted at auth/${auth.mount}, and the namespace.`,
  });
}
