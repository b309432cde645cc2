import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Shop {
  readonly url: string;
  reloads(): number;
  stop(): Promise<void>;
}

/**
 * A small real service: it reads its signing key from shop.env at start and on POST /reload, and accepts a request
 * only when it carries a signature made with that key.
 */
export async function startShop(folder: string): Promise<Shop> {
  const path = join(folder, 'shop.env');
  const value = randomBytes(32).toString('hex');
  writeFileSync(path, `# the shop\nPORT=0\nWEBHOOK_SECRET=${value}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'courier.env'), `export WEBHOOK_SECRET="${value}" # shared with the shop\n`, {
    mode: 0o600,
  });

  const readKey = (): string => /^WEBHOOK_SECRET=(.*)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  let key = readKey();
  let reloads = 0;

  const server = createServer((request, response) => {
    if (request.method === 'POST' && request.url === '/reload') {
      key = readKey();
      reloads += 1;
      response.end('reloaded');
      return;
    }
    const expected = createHmac('sha256', key).update('ping').digest('hex');
    const given = createHmac('sha256', request.headers['x-signing-key']?.toString() ?? '')
      .update('ping')
      .digest('hex');
    response.statusCode = given === expected ? 200 : 401;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reloads: () => reloads,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
