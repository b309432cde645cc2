import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Secret } from '../../core/secret.ts';
import { createHttpClient, type HttpAnswer } from '../http/http-client.ts';
import type { JenkinsConnection } from './connection-schema.ts';
import { type CrumbHeaders, crumbHeaders } from './crumb.ts';
import { isCrumbRefusal } from './jenkins-error.ts';

export interface Content {
  readonly type: string;
  readonly text: string;
}

/** Paths begin with `/` and are relative to the root URL, already percent-encoded. Any answer is given, whatever its status. */
export interface JenkinsClient {
  /** The name of the connection. */
  readonly name: string;
  /** Root URL, without a slash at its end. */
  readonly address: string;
  get(path: string, action: string, signal: AbortSignal): Promise<HttpAnswer>;
  /** Its lost answer is INDETERMINATE. */
  post(path: string, content: Content, action: string, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

/** @throws RotationError CONFIG_INVALID when a reference of the config cannot be resolved */
export async function openJenkins(options: JenkinsConnection, open: OpenContext): Promise<JenkinsClient> {
  const { name, timeoutMs, resolve } = open;
  const { auth } = options;
  const ca = options.ca === undefined ? undefined : (await resolve(options.ca)).reveal();
  const secret = await resolve(auth.method === 'api-token' ? auth.token : auth.password);
  const address = options.address.replace(/\/+$/, '');
  const http = createHttpClient({
    name,
    baseUrl: address,
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });
  let crumb: CrumbHeaders | undefined;

  const get: JenkinsClient['get'] = (path, action, signal) =>
    http.send({
      method: 'GET',
      path,
      headers: { authorization: basic(auth.user, secret) },
      effect: 'read',
      action,
      signal,
    });

  const freshCrumb = async (signal: AbortSignal): Promise<CrumbHeaders> => {
    const about = { subject: name, action: 'ask for a crumb', effect: 'read' as const };
    return crumbHeaders(await get('/crumbIssuer/api/json', about.action, signal), about);
  };

  return {
    name,
    address,
    get,
    post: async (path, content, action, signal) => {
      const attempt = (extra: CrumbHeaders): Promise<HttpAnswer> =>
        http.send({
          method: 'POST',
          path,
          headers: { authorization: basic(auth.user, secret), 'content-type': content.type, ...extra },
          body: content.text,
          effect: 'write',
          action,
          signal,
        });
      // Jenkins asks requests with an API token for no crumb.
      if (auth.method === 'api-token') return attempt({});
      crumb ??= await freshCrumb(signal);
      const answer = await attempt(crumb);
      if (!isCrumbRefusal(answer)) return answer;
      // The session has ended. A refused crumb stops a request before anything is done: asking again is safe.
      crumb = await freshCrumb(signal);
      return attempt(crumb);
    },
    close: () => {
      crumb = undefined;
      http.close();
    },
  };
}

function basic(user: string, secret: Secret): string {
  return `Basic ${Buffer.from(`${user}:${secret.reveal()}`, 'utf8').toString('base64')}`;
}
