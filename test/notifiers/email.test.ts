import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openEmailNotifier } from '../../src/notifiers/email/email-notifier.ts';
import { optionsSchema } from '../../src/notifiers/email/options.ts';
import { NOTICE, openContext } from './notice.ts';

let server: Server;
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

/** An SMTP server that greets, and then does as it likes. */
async function serve(greeted: (socket: Socket) => void): Promise<number> {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 loopback ESMTP\r\n');
    socket.once('data', () => greeted(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function tell(port: number, signal = new AbortController().signal, timeoutMs = 20_000) {
  const options = { host: '127.0.0.1', port, from: 'keyturn@example.com', to: ['on-call@example.com'] };
  return (await openEmailNotifier(options, openContext({}, timeoutMs))).notify(NOTICE, { signal });
}

test('whoever asks to stop is heard in the middle of it, and the connection is gone', async () => {
  const stop = new AbortController();
  let gone: Promise<void> = Promise.resolve();
  const port = await serve((socket) => {
    gone = new Promise((resolve) => void socket.once('close', () => resolve()));
    stop.abort();
  });
  await expect(tell(port, stop.signal)).rejects.toMatchObject({ code: 'ABORTED' });
  await gone;
});

test('a server that answers drop by drop does not hold a rotation up', async () => {
  let gone: Promise<void> = Promise.resolve();
  const port = await serve((socket) => {
    const drops = setInterval(() => socket.write('250-and more\r\n'), 20);
    gone = new Promise((resolve) => {
      socket.once('close', () => {
        clearInterval(drops);
        resolve();
      });
    });
  });
  await expect(tell(port, undefined, 300)).rejects.toMatchObject({ code: 'TIMEOUT' });
  await gone;
});

test('half a login is a mistake of the config, and not a message that is missing at night', () => {
  const options = { host: 'smtp.example.com', from: 'keyturn@example.com', to: ['on-call@example.com'] };
  const login = { username: 'keyturn', password: 'env:SMTP_PASSWORD' };
  const taken = (half: object): boolean => optionsSchema.safeParse({ ...options, ...half }).success;
  expect([taken({}), taken(login)]).toEqual([true, true]);
  expect([taken({ username: login.username }), taken({ password: login.password })]).toEqual([false, false]);
});
