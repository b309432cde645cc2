import type { Clock } from '../../core/clock.ts';
import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { recordIn, strangeAnswer } from '../http/answer.ts';
import type { HttpClient } from '../http/http-client.ts';
import { unlessAborted } from '../http/unless-aborted.ts';
import { githubError } from './github-error.ts';
import { githubHeaders } from './headers.ts';

export interface Session {
  readonly token: Secret;
  readonly permissions: Fields<string>;
  /** By our own clock. */
  readonly renewAt: number;
}

export interface InstallationToken {
  current(signal: AbortSignal): Promise<Session>;
  /** Forgets a token that was refused, unless it has been replaced already. Always true: there is another to be had. */
  renew(refused: Secret): boolean;
  close(): void;
}

/** Replaced this long before its end, so that no request sets out with a token that dies on the way. */
const BEFORE_THE_END_MS = 5 * 60_000;
const DOCUMENTED_LIFETIME_MS = 60 * 60_000;

/** One token of an App's installation for all parallel calls: who asks while one is being fetched waits for that one. */
export function createInstallationToken(settings: {
  readonly http: HttpClient;
  readonly name: string;
  readonly clock: Clock;
  readonly installationId: string;
  readonly jwt: () => Promise<Secret>;
}): InstallationToken {
  const { http, name, clock } = settings;
  // Not the signal of whoever happens to ask first: others wait for the same answer.
  const closing = new AbortController();
  // A token nobody has seen is no effect: a lost answer is asked for again.
  const about = { subject: name, action: 'get a token of the installation', effect: 'read' } as const;
  let session: Session | undefined;
  let pending: Promise<Session> | undefined;

  const fetch = async (): Promise<Session> => {
    const answer = await http.send({
      ...about,
      method: 'POST',
      path: `/app/installations/${settings.installationId}/access_tokens`,
      headers: githubHeaders(await settings.jwt()),
      signal: closing.signal,
    });
    if (answer.status !== 201) throw hinted(githubError(answer, about));
    const body = recordIn(answer, about);
    if (typeof body['token'] !== 'string' || body['token'] === '') throw strangeAnswer(answer, about);
    return {
      token: new Secret(body['token']),
      permissions: (body['permissions'] ?? {}) as Fields<string>,
      renewAt: clock.now() + lifetimeMs(body['expires_at'], answer.headers['date']) - BEFORE_THE_END_MS,
    };
  };

  return {
    current: async (signal) => {
      if (session !== undefined && clock.now() < session.renewAt) return session;
      pending ??= fetch()
        .then((fresh) => {
          session = fresh;
          return fresh;
        })
        .finally(() => {
          pending = undefined;
        });
      return unlessAborted(pending, signal, about);
    },
    renew: (refused) => {
      if (session?.token === refused) session = undefined;
      return true;
    },
    close: () => {
      closing.abort();
      session = undefined;
    },
  };
}

/** Both times are the server's, so that our clock may be wrong. */
function lifetimeMs(expiresAt: unknown, serverDate: string | undefined): number {
  const lifetime = Date.parse(String(expiresAt)) - Date.parse(serverDate ?? '');
  return Number.isNaN(lifetime) ? DOCUMENTED_LIFETIME_MS : lifetime;
}

function hinted(error: RotationError): RotationError {
  if (error.code !== 'UNAUTHENTICATED' && error.code !== 'NOT_FOUND') return error;
  const hint =
    'Check `appId`, `installationId` and `privateKey`, and that this machine’s clock is right: the token request is signed with the time.';
  return new RotationError(error.code, { ...error.context, hint });
}
