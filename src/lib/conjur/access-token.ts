import type { Clock } from '../../core/clock.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { jsonOf } from '../http/answer.ts';
import type { HttpClient } from '../http/http-client.ts';
import { unlessAborted } from '../http/unless-aborted.ts';
import { authenticationRefusal, authenticationRequest } from './authentication.ts';
import type { ConjurAuth } from './connection-options.ts';
import { refreshAfter } from './token-lifetime.ts';

interface Session {
  readonly header: string;
  /** By our own clock, so that a server whose clock differs does no harm. */
  readonly refreshAt: number;
}

export interface AccessToken {
  /** Value of the `Authorization` header. @throws RotationError UNAUTHENTICATED, UNAVAILABLE, TIMEOUT, ABORTED */
  header(signal: AbortSignal): Promise<string>;
  /** Forgets a header that was refused, unless it has been replaced already. */
  discard(header: string): void;
  close(): void;
}

/** One session for all parallel calls: who asks while a token is being fetched waits for that one. */
export function createAccessToken(settings: {
  readonly http: HttpClient;
  readonly name: string;
  readonly account: string;
  readonly auth: ConjurAuth;
  readonly clock: Clock;
  readonly resolve: (reference: string) => Promise<Secret>;
}): AccessToken {
  const { http, name, clock } = settings;
  // Not the signal of whoever happens to ask first: others wait for the same answer.
  const closing = new AbortController();
  const about = { subject: name, action: 'authenticate', effect: 'read' as const };
  let session: Session | undefined;
  let pending: Promise<Session> | undefined;

  const authenticate = async (): Promise<Session> => {
    const request = await authenticationRequest(settings.auth, settings.account, settings.resolve);
    const answer = await http.send({ ...request, ...about, method: 'POST', signal: closing.signal });
    if (answer.status !== 200) throw authenticationRefusal(answer, settings);
    const lifetime = refreshAfter(jsonOf(answer, about));
    if (lifetime === undefined) {
      throw new RotationError('UNAVAILABLE', { ...about, reason: 'the answer is not a Conjur access token' });
    }
    const token = Buffer.from(answer.body, 'utf8').toString('base64');
    return { header: `Token token="${token}"`, refreshAt: clock.now() + lifetime };
  };

  return {
    header: async (signal) => {
      if (session !== undefined && clock.now() < session.refreshAt) return session.header;
      pending ??= authenticate()
        .then((fresh) => {
          session = fresh;
          return fresh;
        })
        .finally(() => {
          pending = undefined;
        });
      return (await unlessAborted(pending, signal, about)).header;
    },
    discard: (header) => {
      if (session?.header === header) session = undefined;
    },
    close: () => {
      closing.abort();
      session = undefined;
    },
  };
}
