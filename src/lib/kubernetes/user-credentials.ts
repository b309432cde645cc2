import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Clock } from '../../core/clock.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { Secret } from '../../core/secret.ts';
import { quoted } from '../quoted.ts';
import { authorizationSecret } from './authorization-secret.ts';
import type { Credentials } from './credentials.ts';

/** Token files of pods change under us; the official clients look anew each minute as well. */
const FRESH_MS = 60_000;

/**
 * What the library makes of the user of the current context: token, client certificate, token file, OIDC refresh.
 * @throws RotationError UNAUTHENTICATED
 */
export async function userCredentials(config: KubeConfig, clock: Clock, name: string): Promise<Credentials> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const user = config.getCurrentUser();
  if (user === null) return { goodUntil: undefined };
  // Only the user counts here. With the true server it would refuse plain http, which has been looked at already.
  const alone = new KubeConfig();
  alone.loadFromClusterAndUser({ name, server: 'https://localhost', skipTLSVerify: false }, user);
  const options: RequestOptions = { headers: {} };
  try {
    await alone.applyToHTTPSOptions(options);
  } catch (error) {
    throw new RotationError('UNAUTHENTICATED', {
      subject: name,
      action: `authenticate as ${user.name} of the kubeconfig`,
      reason: readable(error),
    });
  }
  const { Authorization: header } = (options.headers ?? {}) as { Authorization?: unknown };
  const basic = typeof options.auth === 'string' ? basicHeader(options.auth) : undefined;
  // A file's token may end with a line break.
  const authorization = typeof header === 'string' ? header.trim() : basic;
  const [cert, key] = [textOf(options.cert), textOf(options.key)];
  return {
    ...(authorization === undefined ? {} : { authorization: authorizationSecret(authorization) }),
    ...(user.impersonateUser == null ? {} : { impersonate: user.impersonateUser }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key: new Secret(key) }),
    goodUntil: clock.now() + FRESH_MS,
  };
}

/** A program or a token that is not the JSON it should be: the parser's own words quote it. */
function readable(error: unknown): string {
  if (error instanceof SyntaxError) return 'what it has for a token is not JSON';
  return error instanceof Error ? quoted(error.message) : 'the user of the context cannot be used';
}

function basicHeader(userAndPassword: string): string {
  return `Basic ${Buffer.from(userAndPassword, 'utf8').toString('base64')}`;
}

function textOf(pem: unknown): string | undefined {
  if (typeof pem === 'string') return pem;
  return Buffer.isBuffer(pem) ? pem.toString('utf8') : undefined;
}
