import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Credentials } from '../../src/lib/kubernetes/credentials.ts';
import { execCredential } from '../../src/lib/kubernetes/exec-credential.ts';
import { loadKubeconfig } from '../../src/lib/kubernetes/load-kubeconfig.ts';
import { userCredentials } from '../../src/lib/kubernetes/user-credentials.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { failure } from '../support/failure.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const SERVER = 'https://k8s.example.com';
const CLOCK = virtualClock(Date.parse('2030-01-01T00:00:00Z'));
const value = (): string => randomBytes(12).toString('hex');

const write = (config: JsonObject): string => {
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(config));
  return 'kubeconfig';
};
const load = (options: { kubeconfig?: string; context?: string; inCluster?: boolean }) =>
  loadKubeconfig({ inCluster: false, ...options }, { name: 'prod', baseDir: folder });

describe('where a cluster is looked for', () => {
  beforeEach(() => {
    vi.stubEnv('HOME', folder);
    vi.stubEnv('KUBECONFIG', '');
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '');
  });

  it('is KUBECONFIG where the config names none', async () => {
    const file = write({
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: SERVER } }],
      users: [{ name: 'u', user: {} }],
    });
    vi.stubEnv('KUBECONFIG', join(folder, file));
    expect((await load({})).getCurrentCluster()?.server).toBe(SERVER);
  });

  it('is nowhere without one: localhost is not guessed', async () => {
    const error = await failure(load({}));
    expect([error.code, error.hint]).toEqual(['CONFIG_INVALID', 'Give the store `kubeconfig: PATH`.']);
    expect(error.message).toContain('there is no kubeconfig');
  });

  it('is the cluster around a pod, where the config says so', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1');
    vi.stubEnv('KUBERNETES_SERVICE_PORT', '443');
    expect((await load({ inCluster: true })).getCurrentCluster()?.server).toBe('https://10.0.0.1:443');
  });

  it.each<[string, JsonObject, string, string]>([
    ['no context', {}, '(none is current)', 'It has no context at all.'],
    [
      'a current one that is not there',
      { 'current-context': 'gone', contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }] },
      'no context gone,',
      'Its contexts are: a.',
    ],
  ])('is told when the kubeconfig has %s', async (_what, config, words, hint) => {
    const empty = { apiVersion: 'v1', kind: 'Config', clusters: [], contexts: [], users: [] };
    const error = await failure(load({ kubeconfig: write({ ...empty, ...config }) }));
    expect([error.code, error.hint]).toEqual(['CONFIG_INVALID', hint]);
    expect(error.message).toContain(words);
  });
});

describe('the user of a context', () => {
  const credentialsOf = async (user: JsonObject): Promise<Credentials> => {
    const file = write({
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: SERVER } }],
      users: [{ name: 'u', user }],
    });
    return userCredentials(await load({ kubeconfig: file }), CLOCK, 'prod');
  };

  it('with a name and a password is sent as both', async () => {
    const password = value();
    const { authorization } = await credentialsOf({ username: 'ann', password });
    expect(authorization?.reveal()).toBe(`Basic ${Buffer.from(`ann:${password}`).toString('base64')}`);
  });

  it('that is not there is nobody, and nothing is sent for it', async () => {
    const file = write({
      'current-context': 'a',
      contexts: [{ name: 'a', context: { cluster: 'c', user: 'gone' } }],
      clusters: [{ name: 'c', cluster: { server: SERVER } }],
      users: [],
    });
    const found = await userCredentials(await load({ kubeconfig: file }), CLOCK, 'prod');
    expect(found).toEqual({ goodUntil: undefined });
  });

  it('whose token file cannot be read is refused, and it is said whose', async () => {
    const config = { tokenFile: join(folder, 'absent') };
    const error = await failure(credentialsOf({ 'auth-provider': { name: 'tokenFile', config } }));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', context: { subject: 'prod' } });
  });
});

describe('what a credential plug-in gives', () => {
  const { signal } = new AbortController();
  const run = (body: string, more: JsonObject = {}, cluster: { ca?: string } = {}): Promise<Credentials> => {
    const program = join(folder, 'plugin.mjs');
    writeFileSync(program, `#!${process.execPath}\n${body}`);
    chmodSync(program, 0o700);
    return execCredential(
      { command: program, ...more },
      { server: SERVER, context: 'prod', ...cluster },
      { name: 'prod', baseDir: folder, timeoutMs: 20_000 },
      signal,
    );
  };
  const give = (status: JsonObject, more: JsonObject = {}) =>
    run(`console.log(${JSON.stringify(JSON.stringify({ status }))})`, more);

  it('may be a certificate and its key', async () => {
    const key = value();
    const given = await give({ clientCertificateData: 'the certificate', clientKeyData: key });
    expect([given.authorization, given.cert, given.key?.reveal()]).toEqual([
      undefined,
      'the certificate',
      key,
    ]);
  });

  it.each<[string, JsonObject]>([
    ['half a pair', { clientCertificateData: 'the certificate' }],
    ['a certificate with an empty key', { clientCertificateData: 'the certificate', clientKeyData: '' }],
    ['an empty token', { token: '' }],
    ['a token that is no text', { token: 7 }],
  ])('is no credential when it is %s: nothing is asked as nobody', async (_what, status) => {
    expect((await failure(give(status))).code).toBe('UNAUTHENTICATED');
  });

  it.each([
    ['no JSON', 'console.log("token")'],
    ['nothing', ''],
    ['null', 'console.log("null")'],
  ])('is no credential when it is %s', async (_what, body) => {
    expect((await failure(run(body))).message).toContain('no ExecCredential');
  });

  it('is good for ever when it does not say until when', async () => {
    expect((await give({ token: value() })).goodUntil).toBeUndefined();
    const ends = { token: value(), expirationTimestamp: '2030-01-01T01:00:00Z' };
    expect((await give(ends)).goodUntil).toBe(Date.parse('2030-01-01T00:59:30Z'));
  });

  it('is made with the arguments and variables of the kubeconfig, and told the authority', async () => {
    const body = `
      const { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const said = [process.argv[2], process.env.PROFILE, spec.cluster['certificate-authority-data']];
      console.log(JSON.stringify({ status: { token: said.join(' ') } }));`;
    const more = { args: ['get-token'], env: [{ name: 'PROFILE', value: 'ops' }], provideClusterInfo: true };
    const { authorization } = await run(body, more, { ca: 'PEM' });
    expect(authorization?.reveal()).toBe(`Bearer get-token ops ${btoa('PEM')}`);
  });

  it('is not waited for by whoever was asked to stop', async () => {
    const stopped = execCredential(
      { command: process.execPath, args: ['-e', ''] },
      { server: SERVER, context: 'prod' },
      { name: 'prod', baseDir: folder, timeoutMs: 20_000 },
      AbortSignal.abort(),
    );
    expect((await failure(stopped)).code).toBe('ABORTED');
  });

  it('is told with the exit code alone where the program says nothing', async () => {
    const error: RotationError = await failure(run('process.exit(3)'));
    expect([error.code, error.context.reason]).toEqual(['UNAUTHENTICATED', 'exit code 3']);
  });

  it('by a program that is not there is a mistake of the machine, with a hint of ours', async () => {
    const error = await failure(run('', { command: join(folder, 'absent') }));
    expect([error.code, error.hint]).toEqual([
      'CONFIG_INVALID',
      'The kubeconfig names this program; install it here.',
    ]);
  });
});
