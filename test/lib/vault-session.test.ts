import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import type { HttpAnswer } from '../../src/lib/http/http-client.ts';
import { onAbort } from '../../src/lib/http/on-abort.ts';
import { createSession, type Session } from '../../src/lib/vault/session.ts';
import type { VaultClient } from '../../src/lib/vault/vault-client.ts';
import { instantClock } from '../../src/testing/instant-clock.ts';

let session: Session;
let logins: number;
/** Ends when a login has arrived at the server; gives what answers it. */
let login: Promise<(answer: HttpAnswer) => void>;
beforeEach(() => {
  logins = 0;
  let arrived = (_answer: (answer: HttpAnswer) => void): void => {};
  login = new Promise((resolve) => {
    arrived = resolve;
  });
  const unasked = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const client: VaultClient = {
    name: 'vault-prod',
    address: '',
    namespace: '',
    // As the real one: given up with the signal of the request.
    send: (request) =>
      new Promise((resolve, reject) => {
        onAbort(request.signal, () => reject(new RotationError('ABORTED', { subject: 'vault-prod' })));
        logins += 1;
        arrived(resolve);
      }),
    sendToRoot: unasked,
    close: () => {},
  };
  session = createSession(
    { method: 'approle', mount: 'approle', roleId: 'env:R', secretId: 'env:S' },
    {
      client,
      clock: instantClock(),
      timeoutMs: 1000,
      resolve: async () => new Secret('a-role-or-its-secret'),
    },
  );
});

describe('a login that several wait for', () => {
  it('goes on for the others when the one who asked first stops waiting', async () => {
    const stop = new AbortController();
    const first = session.token(stop.signal);
    const second = session.token(new AbortController().signal);
    const answer = await login;
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    const token = randomBytes(12).toString('hex');
    const auth = { client_token: token, lease_duration: 60 };
    answer({ status: 200, headers: {}, body: JSON.stringify({ auth }) });
    expect((await second).reveal()).toBe(token);
    expect(logins).toBe(1);
  });

  it('ends with the connection', async () => {
    const waiting = session.token(new AbortController().signal);
    await login;
    await session.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
