import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Changes the text of an answer, or leaves it. */
export type Change = (asked: string, body: string) => string;

export interface Exchange {
  readonly asked: string;
  readonly body: string;
  /** It has the request id that AWS gives every answer. */
  readonly signed: boolean;
}

export interface AlteringProxy {
  /** `127.0.0.1:PORT`, in place of the one behind it. */
  readonly host: string;
  /** What was asked and answered since the last `alter`. */
  readonly answers: readonly Exchange[];
  alter(change: Change): void;
  stop(): Promise<void>;
}

/** Stands between a plug-in and its emulator, and changes what the emulator says; what it does stays as it is. */
export async function startAlteringProxy(behind: string): Promise<AlteringProxy> {
  const { hostname, port } = new URL(`http://${behind}`);
  const answers: Exchange[] = [];
  let change: Change = (_asked, body) => body;

  const server = createServer(async (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const body = await textOf(incoming);
    const onward = send({ hostname, port, method, path: url, headers }, async (answer) => {
      // Addresses in an answer (a challenge, a next page) have to lead here as well.
      const told = (await textOf(answer)).replaceAll(behind, host);
      const asked = nameOf(incoming);
      answers.push({ asked, body: told, signed: answer.headers['x-amzn-requestid'] !== undefined });
      const { 'content-length': _long, 'transfer-encoding': _chunked, ...kept } = answer.headers;
      const led = Object.entries(kept).map(([name, value]) => [name, leadHere(value)] as const);
      const next = change(asked, told);
      outgoing.writeHead(answer.statusCode ?? 500, Object.fromEntries(led));
      outgoing.end(next);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  const leadHere = (value: string | string[] | undefined) =>
    typeof value === 'string' ? value.replaceAll(behind, host) : value;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    host,
    answers,
    alter: (next) => {
      answers.splice(0);
      change = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One kind of request; AWS tells its operations apart by a header. */
function nameOf({ method, url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  return [method, url.split('?')[0], ...(typeof target === 'string' ? [target] : [])].join(' ');
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
