import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { jsonOf } from '../http/answer.ts';
import { createHttpClient, type HttpAnswer } from '../http/http-client.ts';
import { assertUsableTls } from '../tls-material.ts';
import { commonVersion } from './api-version.ts';
import type { DockerConnection } from './connection-schema.ts';
import { type About, dockerError } from './docker-error.ts';
import { engineAddress } from './engine-address.ts';

export interface DockerRequest extends About {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Without the version; already percent-encoded. */
  readonly path: string;
  readonly body?: JsonObject;
}

export interface DockerClient {
  /** Subject of errors. */
  readonly name: string;
  /** As in the config. */
  readonly address: string;
  /**
   * The JSON of a successful answer; undefined where it has no body.
   * @throws RotationError for every other answer, and for none
   */
  ask(request: DockerRequest, signal: AbortSignal): Promise<unknown>;
  close(): void;
}

/** @throws RotationError CONFIG_INVALID */
export async function openDocker(connection: DockerConnection, open: OpenContext): Promise<DockerClient> {
  const { name, timeoutMs } = open;
  const { address, tls } = connection;
  const http = createHttpClient({
    name,
    timeoutMs,
    ...engineAddress(address, tls !== undefined),
    ...(tls === undefined ? {} : await materialOf(tls, open)),
  });
  // Not the signal of whoever happens to ask first: others wait for the same answer.
  const closing = new AbortController();
  let version: Promise<string> | undefined;

  const agree = async (): Promise<string> => {
    const { signal } = closing;
    const about = { subject: name, action: 'ask for its version', effect: 'read' } as const;
    const answer = await http.send({ ...about, method: 'GET', path: '/version', signal });
    if (answer.status !== 200) throw dockerError(answer, about);
    return commonVersion(jsonOf(answer, about), name);
  };

  const send = async (request: DockerRequest, signal: AbortSignal): Promise<HttpAnswer> => {
    version ??= agree().catch((error: unknown) => {
      version = undefined;
      throw error;
    });
    const { body, path, ...rest } = request;
    return http.send({
      ...rest,
      path: `/v${await version}${path}`,
      signal,
      headers: {
        'user-agent': 'keyturn',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };

  return {
    name,
    address,
    ask: async (request, signal) => {
      const answer = await send(request, signal);
      if (answer.status < 200 || answer.status > 299) throw dockerError(answer, request);
      return answer.status === 204 ? undefined : jsonOf(answer, request);
    },
    close: () => {
      closing.abort();
      http.close();
    },
  };
}

async function materialOf(
  { ca, cert, key }: NonNullable<DockerConnection['tls']>,
  { resolve, name }: OpenContext,
): Promise<{ ca?: string; cert: string; key: string }> {
  const material = {
    ...(ca === undefined ? {} : { ca: (await resolve(ca)).reveal() }),
    cert: (await resolve(cert)).reveal(),
    key: (await resolve(key)).reveal(),
  };
  assertUsableTls(material, name);
  return material;
}
