/**
 * A key-value version 2 server that costs next to nothing a request, in a process of its own: what is measured is
 * the client. Every path exists at version 1 until it is written. Forked by the benchmarks: tells its port, and at
 * the end how much time it used.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { OLD_VALUE } from './seed.ts';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

interface Kept {
  readonly version: number;
  /** JSON text. */
  readonly data: string;
}

const delayMs = Number(process.argv[2] ?? 0);
const SEEDED: Kept = {
  version: 1,
  data: JSON.stringify({
    api_key: OLD_VALUE,
    endpoint: 'https://api.example.com/v2/collections',
    owner: 'team-payments',
    retries: 3,
  }),
};
const written = new Map<string, Kept>();
const DATA = '/v1/secret/data/';
const WRITE = /^\{"data":(\{.*\}),"options":\{"cas":(\d+)\}\}$/s;
const CREATED =
  '"created_time":"2026-01-02T03:04:05.678901234Z","custom_metadata":null,"deletion_time":"","destroyed":false';

function enveloped(data: string): string {
  return `{"request_id":"8a4bb1f8-3b3c-4f0e-9d5e-1c1e4a7f2b60","lease_id":"","renewable":false,"lease_duration":0,"data":${data},"wrap_info":null,"warnings":null,"auth":null,"mount_type":"kv"}`;
}

function write(url: string, body: string): string {
  const [, data, cas] = WRITE.exec(body) ?? [];
  const { version } = written.get(url) ?? SEEDED;
  if (data === undefined || Number(cas) !== version)
    throw new Error(`not a write to version ${version}: ${body}`);
  written.set(url, { version: version + 1, data });
  return enveloped(`{${CREATED},"version":${version + 1}}`);
}

/** What a session and a preflight ask beside the secrets themselves. */
function aside({ url, body }: Request): string {
  if (url.startsWith('/v1/sys/internal/ui/mounts/')) {
    return enveloped('{"path":"secret/","type":"kv","options":{"version":"2"}}');
  }
  if (url.startsWith('/v1/sys/health')) return '{"initialized":true,"sealed":false,"cluster_name":"bench"}';
  if (url.startsWith('/v1/sys/capabilities-self')) {
    const { paths } = JSON.parse(body) as { paths: readonly string[] };
    return enveloped(
      JSON.stringify(Object.fromEntries(paths.map((path) => [path, ['create', 'read', 'update']]))),
    );
  }
  if (url.startsWith('/v1/secret/metadata/'))
    return enveloped('{"current_version":1,"max_versions":0,"versions":{"1":{"deletion_time":""}}}');
  if (url.startsWith('/v1/secret/config')) return enveloped('{"max_versions":10}');
  if (url.startsWith('/v1/auth/token/lookup-self')) {
    return enveloped('{"display_name":"token-bench","entity_id":"","num_uses":0,"ttl":0}');
  }
  throw new Error(`unexpected request ${url}`);
}

function answerTo(request: Request): string {
  const { method, url, body } = request;
  if (!url.startsWith(DATA)) return aside(request);
  if (method === 'POST') return write(url, body);
  const kept = written.get(url) ?? SEEDED;
  return enveloped(`{"data":${kept.data},"metadata":{${CREATED},"version":${kept.version}}}`);
}

function serve(socket: Socket): void {
  let pending = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  const take = (): void => {
    const headEnd = pending.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const head = pending.slice(0, headEnd);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (/\r\ntransfer-encoding:/i.test(head)) throw new Error('a chunked request');
    const end = headEnd + 4 + length;
    if (pending.length < end) return;
    const [method = '', url = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
    const body = answerTo({ method, url, body: pending.slice(headEnd + 4, end) });
    pending = pending.slice(end);
    const text = `HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    if (delayMs === 0) socket.write(text, 'latin1');
    else setTimeout(() => socket.write(text, 'latin1'), delayMs);
    take();
  };
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    take();
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => {
  written.clear();
  process.send?.({ cpuMs: (process.cpuUsage().user + process.cpuUsage().system) / 1000 });
});
process.on('disconnect', () => process.exit(0));
