import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { NotifierEmulator } from '../../core/plugins/emulator.ts';
import { createFaultQueue } from '../../lib/emulator/fault-queue.ts';
import { troubleOf } from './emulated-faults.ts';
import { createSmtpSession } from './emulated-session.ts';

const REFERENCE = 'env:EMULATED_SMTP_PASSWORD';

/** An SMTP server (RFC 5321) with a login (RFC 4954) on loopback, where there is no TLS. */
export async function startEmailEmulator(): Promise<NotifierEmulator> {
  const password = randomBytes(18).toString('base64url');
  const received: string[] = [];
  const faults = createFaultQueue();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const session = createSmtpSession({
      login: { user: 'keyturn', password },
      accept: (message) => received.push(message),
      trouble: () => {
        const striking = faults.take(true);
        striking?.struck();
        return striking && troubleOf(striking.fault);
      },
    });
    socket.write(session.greeting);
    let pending = '';
    socket.on('data', (chunk) => {
      pending += chunk.toString('utf8');
      for (let end = pending.indexOf('\r\n'); end !== -1; end = pending.indexOf('\r\n')) {
        const { reply, close } = session.line(pending.slice(0, end));
        pending = pending.slice(end + 2);
        if (reply !== '') socket.write(reply);
        if (close) socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    options: (original) => ({
      from: 'keyturn <keyturn@example.com>',
      to: ['on-call@example.com'],
      ...original,
      host: '127.0.0.1',
      port,
      username: 'keyturn',
      password: REFERENCE,
    }),
    resolve: (reference) => (reference === REFERENCE ? password : undefined),
    protocol: 'smtp',
    inject: faults.inject,
    effects: () => received.length,
    received: () => received,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
