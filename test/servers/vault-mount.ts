import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { VaultServer } from '../../scripts/servers/servers-under-test.ts';
import { type RawObject, splitObject } from '../../src/stores/hashicorp-vault/raw-object.ts';

/** A key-value engine of its own on a real server, looked at with nothing but HTTP. */
export interface VaultMount {
  readonly server: VaultServer;
  /** `kt-…`: what refs begin with. */
  readonly at: string;
  /** Keys of the secret and their values as JSON text; undefined when there is no secret. */
  read(path: string): Promise<RawObject | undefined>;
  /** `json` is an object as text. */
  write(path: string, json: string): Promise<void>;
  /** Takes the engine away, with all that is in it. */
  remove(): Promise<void>;
}

export async function makeMount(server: VaultServer, version: 1 | 2): Promise<VaultMount> {
  const at = `kt-${randomUUID()}`;
  const place = version === 2 ? `${at}/data` : at;
  await ask(server, 'POST', `sys/mounts/${at}`, JSON.stringify({ type: 'kv', options: { version } }));
  if (version === 2) await untilUpgraded(server, at);
  return {
    server,
    at,
    read: async (path) => {
      const body = await ask(server, 'GET', `${place}/${path}`);
      if (body === undefined) return undefined;
      const data = splitObject(body).get('data') ?? '{}';
      return splitObject(version === 1 ? data : (splitObject(data).get('data') ?? '{}'));
    },
    write: async (path, json) => {
      await ask(server, 'POST', `${place}/${path}`, version === 2 ? `{"data":${json}}` : json);
    },
    remove: async () => {
      await ask(server, 'DELETE', `sys/mounts/${at}`);
    },
  };
}

/** An engine of version 2 begins as one of version 1, and refuses work for a moment. */
async function untilUpgraded(server: VaultServer, at: string): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    if ((await send(server, 'GET', `${at}/config`)).ok) return;
    await delay(50);
  }
  throw new Error(`${server.url} did not get ${at} ready`);
}

/** The body of the answer; undefined for 404. */
async function ask(
  server: VaultServer,
  method: string,
  path: string,
  body?: string,
): Promise<string | undefined> {
  const answer = await send(server, method, path, body);
  const text = await answer.text();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
  return text;
}

function send({ url, token }: VaultServer, method: string, path: string, body?: string): Promise<Response> {
  const headers = { 'x-vault-token': token };
  return fetch(`${url}/v1/${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
}
