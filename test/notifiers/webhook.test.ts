import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { optionsSchema as issueOptions } from '../../src/notifiers/github-issue/options.ts';
import { optionsSchema } from '../../src/notifiers/webhook/options.ts';
import { openWebhookNotifier } from '../../src/notifiers/webhook/webhook-notifier.ts';
import { NOTICE, openContext } from './notice.ts';

/** The receiver, written from the docs page alone. */

const SECRET = 'shared with the receiver';
let server: LoopbackServer;
beforeEach(async () => {
  server = await startLoopbackServer({ isWrite: () => true, handle: () => ({ status: 204 }) });
});
afterEach(() => server.stop());

async function told(times = 1) {
  const options = { url: `${server.url}/hooks/keyturn`, secret: 'env:SECRET' };
  const notifier = await openWebhookNotifier(options, openContext({ 'env:SECRET': SECRET }));
  for (let left = times; left > 0; left -= 1)
    await notifier.notify(NOTICE, { signal: new AbortController().signal });
  return server.requests;
}

test('the signature is the hex HMAC-SHA-256 of the timestamp, a dot and the raw body', async () => {
  const [request] = await told();
  const timestamp = String(request?.headers['x-keyturn-timestamp']);
  expect(timestamp).toBe(String(Date.parse(NOTICE.at) / 1000));
  const hmac = createHmac('sha256', SECRET).update(`${timestamp}.`).update(String(request?.body), 'utf8');
  expect(request?.headers['x-keyturn-signature']).toBe(`sha256=${hmac.digest('hex')}`);
});

test('the body is the notice with its version, and each notice has an id of its own', async () => {
  const [one, other] = await told(2);
  expect(JSON.parse(String(one?.body))).toEqual({ version: 1, ...NOTICE });
  expect(one?.headers['x-keyturn-event']).toMatch(/^[0-9a-f-]{36}$/);
  expect(other?.headers['x-keyturn-event']).not.toBe(one?.headers['x-keyturn-event']);
});

test('plain http to another machine is refused, without the advice to set an option there is not', () => {
  const url = 'http://hooks.example.com/keyturn';
  const issue = { repository: 'acme/shop', issue: 1, token: 'env:TOKEN', address: url };
  for (const refused of [
    optionsSchema.safeParse({ url, secret: 'env:SECRET' }),
    issueOptions.safeParse(issue),
  ]) {
    const said = refused.error?.issues.map(({ message }) => message).join('; ');
    expect(said).toMatch(/^must be https/);
    expect(said).not.toContain('allowInsecure');
  }
});
