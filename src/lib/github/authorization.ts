import type { Clock } from '../../core/clock.ts';
import type { Fields } from '../../core/credential.ts';
import type { Secret } from '../../core/secret.ts';
import type { HttpClient } from '../http/http-client.ts';
import { appJwt } from './app-jwt.ts';
import type { GithubAuth } from './connection-schema.ts';
import { createInstallationToken } from './installation-token.ts';

export interface Authorization {
  /** The token to send. @throws RotationError CONFIG_INVALID, UNAUTHENTICATED, UNAVAILABLE, TIMEOUT, ABORTED, … */
  token(signal: AbortSignal): Promise<Secret>;
  /** Forgets a token that was refused; false when there is no other to be had. */
  renew(refused: Secret): boolean;
  /** What an App was granted (`secrets: write`); undefined for tokens, which do not tell. */
  granted(signal: AbortSignal): Promise<Fields<string> | undefined>;
  /** Whether a user acts, who has a role in each repository; an App has permissions instead. */
  isUser(signal: AbortSignal): Promise<boolean>;
  /** The credential of an App as itself; undefined for tokens. */
  jwt?(): Promise<Secret>;
  close(): void;
}

interface Surroundings {
  readonly http: HttpClient;
  readonly name: string;
  readonly clock: Clock;
  readonly resolve: (reference: string) => Promise<Secret>;
}

/** Tokens of an App's installation, which a pipeline may make for us. */
const INSTALLATION_TOKEN = 'ghs_';

export function createAuthorization(auth: GithubAuth, surroundings: Surroundings): Authorization {
  const { clock, name, resolve } = surroundings;
  if (auth.method === 'token') {
    let given: Promise<Secret> | undefined;
    const token = (): Promise<Secret> => {
      given ??= resolve(auth.token).catch((error: unknown) => {
        // A program or a file that was not ready may be so the next time.
        given = undefined;
        throw error;
      });
      return given;
    };
    return {
      token,
      renew: () => false,
      granted: async () => undefined,
      isUser: async () => !(await token()).reveal().startsWith(INSTALLATION_TOKEN),
      close: () => {},
    };
  }
  const jwt = async (): Promise<Secret> =>
    appJwt(auth.appId, await resolve(auth.privateKey), clock.now(), name);
  const installation = createInstallationToken({ ...surroundings, jwt, installationId: auth.installationId });
  return {
    token: async (signal) => (await installation.current(signal)).token,
    renew: installation.renew,
    isUser: async () => false,
    granted: async (signal) => (await installation.current(signal)).permissions,
    jwt,
    close: installation.close,
  };
}
