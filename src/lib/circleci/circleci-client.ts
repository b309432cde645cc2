import type { JsonObject } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import { jsonOf, strangeAnswer } from '../http/answer.ts';
import { createHttpClient } from '../http/http-client.ts';
import { type About, circleciError } from './circleci-error.ts';
import type { CircleciConnection } from './connection-schema.ts';

export interface CircleciRequest extends About {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/api/v2`; already percent-encoded. */
  readonly path: string;
  readonly body?: JsonObject;
}

/** CircleCI's API v2 as one user. */
export interface CircleciClient {
  /** Subject of the errors. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly address: string;
  /**
   * The JSON of a successful answer.
   * @throws RotationError for every other answer, and for none
   */
  ask(request: CircleciRequest, signal: AbortSignal): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openCircleci(
  connection: CircleciConnection,
  open: {
    readonly name: string;
    readonly timeoutMs: number;
    readonly resolve: (reference: string) => Promise<Secret>;
  },
): Promise<CircleciClient> {
  const { name, timeoutMs, resolve } = open;
  const token = await resolve(connection.token);
  const ca = connection.ca === undefined ? undefined : (await resolve(connection.ca)).reveal();
  const address = connection.address.replace(/\/+$/, '');
  const http = createHttpClient({
    name,
    baseUrl: `${address}/api/v2`,
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });

  return {
    name,
    address,
    ask: async ({ body, ...request }, signal) => {
      const headers = { 'circle-token': token.reveal(), accept: 'application/json' };
      const answer = await http.send({
        ...request,
        signal,
        ...(body === undefined
          ? { headers }
          : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      if (answer.status < 200 || answer.status > 299) throw circleciError(answer, request);
      const told = jsonOf(answer, request);
      if (typeof told !== 'object' || told === null || Array.isArray(told))
        throw strangeAnswer(answer, request);
      return told as Record<string, unknown>;
    },
    close: () => http.close(),
  };
}
