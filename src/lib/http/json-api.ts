import type { RotationError } from '../../core/errors/rotation-error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Secret } from '../../core/secret.ts';
import { type About, recordIn } from './answer.ts';
import { createHttpClient, type HttpAnswer } from './http-client.ts';

export interface JsonRequest extends About {
  readonly method: string;
  /** Below the base of the API; already percent-encoded. */
  readonly path: string;
  readonly body?: JsonObject;
  /** A token to ask with, in place of the one of the connection. */
  readonly as?: Secret;
}

export type JsonRecord = Readonly<Record<string, unknown>>;

/** An API that takes and gives JSON, as whoever a token belongs to. */
export interface JsonApi {
  /** Subject of the errors. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly address: string;
  /** Any answer with a 2xx status. @throws RotationError for every other answer, and for none */
  send(request: JsonRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** The same, when a JSON object is expected. */
  ask(request: JsonRequest, signal: AbortSignal): Promise<JsonRecord>;
  close(): void;
}

/** What tells one such API from another. */
interface Manner {
  /** Behind the address: `/api/v4`; may be empty. */
  readonly base: string;
  /** Made right before a request is sent: they hold plaintext. */
  headers(token: Secret): Readonly<Record<string, string>>;
  /** What an answer means that is no success. */
  errorOf(answer: HttpAnswer, about: About): RotationError;
}

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openJsonApi(
  connection: { readonly address: string; readonly token: string; readonly ca?: string | undefined },
  open: {
    readonly name: string;
    readonly timeoutMs: number;
    readonly resolve: (reference: string) => Promise<Secret>;
  },
  { base, headers, errorOf }: Manner,
): Promise<JsonApi> {
  const { name, timeoutMs, resolve } = open;
  const own = await resolve(connection.token);
  const ca = connection.ca === undefined ? undefined : (await resolve(connection.ca)).reveal();
  const address = connection.address.replace(/\/+$/, '');
  const http = createHttpClient({
    name,
    baseUrl: `${address}${base}`,
    timeoutMs,
    ...(ca === undefined ? {} : { ca }),
  });

  const send: JsonApi['send'] = async ({ body, as: token = own, ...request }, signal) => {
    // Travis CI asks for it of everybody, and what stands in front of others turns away who does not say.
    const always = { 'user-agent': 'keyturn', ...headers(token), accept: 'application/json' };
    const answer = await http.send({
      ...request,
      signal,
      ...(body === undefined
        ? { headers: always }
        : { headers: { ...always, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (answer.status >= 200 && answer.status <= 299) return answer;
    throw errorOf(answer, request);
  };

  return {
    name,
    address,
    send,
    ask: async (request, signal) => {
      const answer = await send(request, signal);
      return recordIn(answer, request);
    },
    close: () => http.close(),
  };
}
