import type { AxiosResponse } from 'axios';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { startDeadline } from './deadline.ts';
import type { RawAnswer } from './node-adapter.ts';
import { refuseUnsendable } from './sendable.ts';
import { transportError } from './transport-error.ts';
import { type Connection, createTunedAxios, type TunedAxios } from './tuned-axios.ts';

export interface HttpSettings extends Connection {
  /** Subject of the errors: the connection's name in the config. */
  readonly name: string;
  /** For the whole request, from the wait for a socket to the last byte of the answer. */
  readonly timeoutMs: number;
}

export interface HttpRequest {
  readonly method: string;
  /** Appended to the base URL as it is: already percent-encoded; begins with `/`, or is empty. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal: AbortSignal;
  /** `write`: a lost answer is INDETERMINATE, because the system may have done it. */
  readonly effect: 'read' | 'write';
  /** Verb phrase for error messages: `read the secret`. */
  readonly action: string;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpClient {
  /**
   * Sends one request, follows no redirect, and gives any answer whatever its status.
   * @throws RotationError UNAVAILABLE, TIMEOUT, ABORTED, INDETERMINATE; REFUSED and LIMIT_REACHED for a request
   * that cannot be sent
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

/** One tuned axios instance a connection, made at the first request. */
export function createHttpClient(settings: HttpSettings): HttpClient {
  let connecting: Promise<TunedAxios> | undefined;
  let axios: TunedAxios | undefined;

  return {
    send: async (request) => {
      refuseUnsendable(request, settings.name);
      connecting ??= createTunedAxios(settings);
      axios ??= await connecting;
      if (request.signal.aborted) {
        const { name: subject } = settings;
        throw new RotationError('ABORTED', { subject, action: request.action, reason: 'asked to stop' });
      }
      const deadline = startDeadline(settings.timeoutMs, request.signal);
      try {
        const { status, data }: AxiosResponse<RawAnswer> = await axios.instance.request({
          method: request.method,
          url: request.path,
          headers: request.headers ?? {},
          ...(request.body === undefined ? {} : { data: request.body }),
          signal: deadline.signal,
        });
        return new LazyAnswer(status, data.body.toString('utf8'), data.message);
      } catch (error) {
        throw transportError(error, settings, request, deadline.passed());
      } finally {
        deadline.clear();
      }
    },
    close: () => {
      if (axios !== undefined) axios.close();
      else
        connecting?.then(
          (late) => late.close(),
          () => {},
        );
    },
  };
}

/** A class for its getter: most answers are never asked for their headers. */
class LazyAnswer implements HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly #message: RawAnswer['message'];

  constructor(status: number, body: string, message: RawAnswer['message']) {
    this.status = status;
    this.body = body;
    this.#message = message;
  }

  get headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#message.headers))
      headers[name.toLowerCase()] = String(value);
    return headers;
  }
}
