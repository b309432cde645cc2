import { Pool } from 'undici';
import { createHttpClient } from '../../../src/lib/http/http-client.ts';
import type { RawAnswer } from '../../../src/lib/http/node-adapter.ts';
import { createTunedAxios } from '../../../src/lib/http/tuned-axios.ts';
import { HEADERS, type OpenClient } from './bare-loop.ts';

/** Axios tuned as ours, but with its own adapter: what a careful person writes. */
export const tunedAxios: OpenClient = (settings) =>
  // A name in the address is what our client leaves to the adapter of axios.
  instanceAt(settings.address.replace('//', '//bench@'));

/** The axios instance of our client by itself: our adapter, but no deadline, nothing refused, no error of ours. */
export const leanAxios: OpenClient = (settings) => instanceAt(settings.address);

async function instanceAt(baseUrl: string): ReturnType<OpenClient> {
  const { instance, close } = await createTunedAxios({ baseUrl });
  return {
    send: async (method, url, data) => {
      const answer = await instance.request<RawAnswer>({ method, url, data, headers: HEADERS });
      return answer.data.body.toString('utf8');
    },
    close,
  };
}

/** Our client, as the stores use it. */
export const ourClient: OpenClient = async ({ address }) => {
  const client = createHttpClient({ name: 'bench', baseUrl: address, timeoutMs: 15_000 });
  const { signal } = new AbortController();
  return {
    send: async (method, path, body) => {
      const effect = method === 'GET' ? 'read' : 'write';
      const action = `${effect} the secret`;
      const headers = HEADERS;
      const request = { method, path, headers, effect, action, signal } as const;
      return (await client.send(body === undefined ? request : { ...request, body })).body;
    },
    close: client.close,
  };
};

/** The fastest client there is for Node. */
export const undici: OpenClient = async ({ address, concurrency }) => {
  const pool = new Pool(address, { connections: concurrency });
  return {
    send: async (method, path, body) => {
      const answer = await pool.request({ method, path, headers: HEADERS, body: body ?? null });
      return answer.body.text();
    },
    close: () => pool.close(),
  };
};
