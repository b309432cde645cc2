import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Secret } from '../../core/secret.ts';
import { jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { type About, bitbucketError } from './bitbucket-error.ts';
import type { BitbucketOptions } from './options.ts';

export interface BitbucketRequest extends About {
  readonly method: 'GET' | 'PUT';
  /** Below `/2.0`; already percent-encoded. */
  readonly path: string;
  readonly body?: JsonObject;
}

export type BitbucketObject = Readonly<Record<string, unknown>>;

/** Bitbucket's API 2.0 as one identity. */
export interface BitbucketClient {
  /** Subject of the errors. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly address: string;
  /** The JSON object of a 200. @throws RotationError for every other answer, and for none */
  ask(request: BitbucketRequest, signal: AbortSignal): Promise<BitbucketObject>;
  close(): void;
}

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openBitbucket(
  options: BitbucketOptions,
  { name, timeoutMs, resolve }: Pick<OpenContext, 'name' | 'timeoutMs' | 'resolve'>,
): Promise<BitbucketClient> {
  const token = await resolve(options.auth.token);
  const ca = options.ca === undefined ? undefined : (await resolve(options.ca)).reveal();
  const address = options.address.replace(/\/+$/, '');
  const http = createHttpClient({
    name,
    baseUrl: `${address}/2.0`,
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });
  return {
    name,
    address,
    ask: async ({ body, ...request }, signal) => {
      const headers = { authorization: authorization(options.auth, token), accept: 'application/json' };
      const answer = await http.send({
        ...request,
        signal,
        ...(body === undefined
          ? { headers }
          : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      if (answer.status !== 200) throw bitbucketError(answer, request);
      const told = jsonOf(answer, request);
      if (typeof told === 'object' && told !== null && !Array.isArray(told)) return told as BitbucketObject;
      throw strangeAnswer(answer, request);
    },
    close: () => http.close(),
  };
}

function authorization(auth: BitbucketOptions['auth'], token: Secret): string {
  if (auth.method === 'access-token') return `Bearer ${token.reveal()}`;
  return `Basic ${Buffer.from(`${auth.email}:${token.reveal()}`, 'utf8').toString('base64')}`;
}
