import { randomBytes } from 'node:crypto';
import type { NotifierEmulator } from '../../core/plugins/emulator.ts';
import { startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { signatureOf } from './signature.ts';

const REFERENCE = 'env:EMULATED_WEBHOOK_SECRET';

/** A receiver as it should be written: it believes nothing that is not signed. */
export async function startWebhookEmulator(): Promise<NotifierEmulator> {
  const secret = randomBytes(24).toString('base64url');
  const received: string[] = [];
  const server = await startLoopbackServer({
    isWrite: () => true,
    handle: ({ headers, body }) => {
      const timestamp = String(headers['x-keyturn-timestamp']);
      if (headers['x-keyturn-signature'] !== signatureOf(secret, timestamp, body)) return { status: 401 };
      received.push(body);
      return { status: 204 };
    },
  });
  return {
    options: () => ({ url: `${server.url}/hooks/keyturn`, secret: REFERENCE }),
    resolve: (reference) => (reference === REFERENCE ? secret : undefined),
    inject: server.inject,
    effects: () => received.length,
    received: () => received,
    stop: server.stop,
  };
}
