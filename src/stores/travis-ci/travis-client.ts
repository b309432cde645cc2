import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import type { TravisOptions } from './options.ts';
import { type About, travisError } from './travis-error.ts';

export interface TravisRequest extends About {
  readonly method: 'GET' | 'PATCH';
  /** Already percent-encoded. */
  readonly path: string;
  readonly body?: JsonObject;
}

/** Travis CI's API v3 as one user. */
export interface TravisClient {
  /**
   * The object of a successful answer, which is of the type that was asked for (`@type`).
   * @throws RotationError for every other answer, and for none
   */
  ask(type: string, request: TravisRequest, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openTravis(
  options: TravisOptions,
  { name, timeoutMs, resolve }: Pick<OpenContext, 'name' | 'timeoutMs' | 'resolve'>,
): Promise<TravisClient> {
  const token = await resolve(options.token);
  const ca = options.ca === undefined ? undefined : (await resolve(options.ca)).reveal();
  const http = createHttpClient({
    name,
    baseUrl: options.address.replace(/\/+$/, ''),
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });
  return {
    ask: async (type, { body, ...request }, signal) => {
      const headers = {
        'travis-api-version': '3',
        authorization: `token ${token.reveal()}`,
        accept: 'application/json',
      };
      const answer = await http.send({
        ...request,
        signal,
        ...(body === undefined
          ? { headers }
          : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      if (answer.status !== 200) throw travisError(answer, request);
      const told = jsonOf(answer, request) as Record<string, unknown> | null;
      if (told?.['@type'] !== type) throw strangeAnswer(answer, request);
      return told;
    },
    close: () => http.close(),
  };
}
