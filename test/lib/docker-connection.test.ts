import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isRotationError } from '../../src/core/errors/rotation-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { commonVersion } from '../../src/lib/docker/api-version.ts';
import {
  type DockerConnection,
  dockerConnectionShape,
  refuseUnsafeEngine,
} from '../../src/lib/docker/connection-schema.ts';
import { type DockerClient, openDocker } from '../../src/lib/docker/docker-client.ts';
import {
  type RunningEngine,
  startEmulatedEngine,
} from '../../src/lib/docker/emulator/start-emulated-engine.ts';
import { selfSignedCertificate } from './self-signed.ts';
import { startTlsFront } from './tls-front.ts';

let engine: RunningEngine;
let endings: (() => Promise<void> | void)[];
beforeEach(async () => {
  engine = await startEmulatedEngine();
  endings = [() => engine.server.stop()];
});
afterEach(async () => {
  for (const end of endings.reverse()) await end();
});

const schema = z.strictObject(dockerConnectionShape).superRefine(refuseUnsafeEngine);

async function open(
  connection: Partial<DockerConnection>,
  references: Readonly<Record<string, string>> = {},
): Promise<DockerClient> {
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  const client = await openDocker(schema.parse(connection), {
    name: 'swarm',
    baseDir: '/nowhere',
    clock: systemClock,
    timeoutMs: 5000,
    resolve: async (reference) => new Secret(references[reference] ?? ''),
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
  endings.push(() => client.close());
  return client;
}

const ask = (client: DockerClient): Promise<unknown> =>
  client.ask(
    { method: 'GET', path: '/info', subject: 'swarm', action: 'ask where we are', effect: 'read' },
    new AbortController().signal,
  );

const codeOf = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'an answer',
    (error: unknown) => (isRotationError(error) ? error.code : String(error)),
  );

describe('an engine', () => {
  it('is reached over the socket of this machine, whatever proxy is set', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
    endings.push(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'docker.sock');
    const { port } = new URL(engine.server.url);
    const socket = createServer((outer) => {
      const inner = connect(Number(port), '127.0.0.1');
      outer.pipe(inner).pipe(outer);
      for (const each of [outer, inner]) each.on('error', () => each.destroy());
    });
    await new Promise<void>((resolve) => socket.listen(path, resolve));
    const before = process.env['HTTP_PROXY'];
    process.env['HTTP_PROXY'] = 'http://127.0.0.1:9';
    endings.push(() => {
      if (before === undefined) delete process.env['HTTP_PROXY'];
      else process.env['HTTP_PROXY'] = before;
      socket.close();
    });
    const client = await open({ address: `unix://${path}` });
    expect(await ask(client)).toMatchObject({ Name: 'manager-1' });
    client.close();
    expect(engine.server.requests[0]?.headers.host).toBe('docker');
  });

  it('whose socket is not there is not reached', async () => {
    expect(await codeOf(ask(await open({ address: 'unix:///nowhere/docker.sock' })))).toBe('UNAVAILABLE');
  });

  it('is reached over TCP with certificates of both sides', async () => {
    const [server, ours] = [selfSignedCertificate(), selfSignedCertificate()];
    const demands = { ...server, requestCert: true, rejectUnauthorized: true, ca: ours.cert };
    const front = await startTlsFront(engine.server.url, demands);
    endings.push(() => front.stop());
    const address = front.url.replace('https:', 'tcp:');
    const tls = { ca: 'file:ca.pem', cert: 'file:cert.pem', key: 'file:key.pem' };
    const pem = { 'file:ca.pem': server.cert, 'file:cert.pem': ours.cert, 'file:key.pem': ours.key };
    expect(await ask(await open({ address, tls }, pem))).toMatchObject({ Name: 'manager-1' });
    const wrong = { ...pem, 'file:cert.pem': server.cert, 'file:key.pem': server.key };
    expect(await codeOf(ask(await open({ address, tls }, wrong)))).toBe('UNAVAILABLE');
    const mixed = { ...pem, 'file:key.pem': server.key };
    expect(await codeOf(open({ address, tls }, mixed))).toBe('CONFIG_INVALID');
  });

  it.each([
    ['tcp://docker.example.com:2375', undefined],
    ['http://127.0.0.1:2375', undefined],
    ['ssh://root@docker.example.com', undefined],
    ['unix://relative.sock', undefined],
    ['unix:///var/run/docker.sock', { cert: 'file:c', key: 'file:k' }],
    // Docker's own client adds a port, 2375 or 2376; an address without one would be that of a web server.
    ['tcp://docker.example.com', { cert: 'file:c', key: 'file:k' }],
    ['tcp://127.0.0.1', undefined],
    ['tcp://user:word@127.0.0.1:2375', undefined],
  ])('is not looked for at %s', (address, tls) => {
    expect(schema.safeParse({ address, ...(tls === undefined ? {} : { tls }) }).success).toBe(false);
  });

  it('is spoken to in the newest version that both know', async () => {
    await ask(await open({ address: engine.server.url.replace('http:', 'tcp:') }));
    expect(engine.server.requests.map(({ path }) => path)).toEqual(['/version', '/v1.48/info']);
    expect(commonVersion({ ApiVersion: '1.99', MinAPIVersion: '1.44' }, 'x')).toBe('1.51');
    expect(() => commonVersion({ ApiVersion: '2.0', MinAPIVersion: '1.60' }, 'x')).toThrow(/speaks 1.60/);
    expect(() => commonVersion('<html>', 'x')).toThrow(/not that of a Docker engine/);
  });

  it('that was not there at first is asked again', async () => {
    const client = await open({ address: engine.server.url.replace('http:', 'tcp:') });
    engine.server.inject({ kind: 'status', status: 503, on: 'read' });
    expect(await codeOf(ask(client))).toBe('UNAVAILABLE');
    expect(await ask(client)).toMatchObject({ Name: 'manager-1' });
  });
});
