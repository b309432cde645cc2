import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRotationError, type RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { KubernetesConnection } from '../../src/lib/kubernetes/connection-schema.ts';
import {
  type RunningCluster,
  startEmulatedCluster,
} from '../../src/lib/kubernetes/emulator/start-emulated-cluster.ts';
import { type KubernetesClient, openKubernetes } from '../../src/lib/kubernetes/kubernetes-client.ts';
import { askWhoami } from '../../src/lib/kubernetes/whoami.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { selfSignedCertificate } from './self-signed.ts';
import { startTlsFront, type TlsFront } from './tls-front.ts';

let cluster: RunningCluster;
let folder: string;
let clock: ReturnType<typeof virtualClock>;
let endings: (() => Promise<void> | void)[];
beforeEach(async () => {
  cluster = await startEmulatedCluster();
  folder = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
  clock = virtualClock(Date.now());
  endings = [() => cluster.stop(), () => rmSync(folder, { recursive: true })];
});
afterEach(async () => {
  for (const end of endings.reverse()) await end();
});

const { signal } = new AbortController();

/** A kubeconfig with one context, `prod`. */
const kubeconfig = (of: { cluster?: JsonObject; user?: JsonObject }): string => {
  const path = join(folder, 'kubeconfig');
  const config = {
    'current-context': 'prod',
    contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: cluster.server.url, ...of.cluster } }],
    users: [{ name: 'u', user: of.user ?? { token: cluster.token } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return 'kubeconfig';
};

async function open(connection: Partial<KubernetesConnection>, timeoutMs = 5000): Promise<KubernetesClient> {
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  const client = await openKubernetes(
    { inCluster: false, ...connection },
    {
      name: 'prod',
      baseDir: folder,
      clock,
      timeoutMs,
      resolve: nobody,
      operator: { provideCredential: nobody, confirmDone: nobody },
    },
  );
  endings.push(() => client.close());
  return client;
}

const user = async (client: KubernetesClient): Promise<string | undefined> =>
  (await askWhoami(client, signal)).attributes['user'];

async function refusal(attempt: Promise<unknown>): Promise<RotationError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isRotationError(error)) return error;
  throw new Error(`expected a RotationError, not ${String(error)}`);
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

describe('TLS', () => {
  const server = selfSignedCertificate();
  const ours = selfSignedCertificate();
  const front = async (options = {}): Promise<TlsFront> => {
    const started = await startTlsFront(cluster.server.url, { ...server, ...options });
    endings.push(() => started.stop());
    return started;
  };

  it('trusts the authority in the kubeconfig, and only that', async () => {
    const { url } = await front();
    const ca = base64(server.cert);
    const trusting = kubeconfig({ cluster: { server: url, 'certificate-authority-data': ca } });
    expect(await user(await open({ kubeconfig: trusting }))).toBe(cluster.user);
    writeFileSync(join(folder, 'ca.crt'), server.cert);
    const byFile = kubeconfig({ cluster: { server: url, 'certificate-authority': 'ca.crt' } });
    expect(await user(await open({ kubeconfig: byFile }))).toBe(cluster.user);
    const stranger = kubeconfig({ cluster: { server: url } });
    expect((await refusal(user(await open({ kubeconfig: stranger })))).code).toBe('UNAVAILABLE');
  });

  it('shows the certificate of the user to a server that asks for it', async () => {
    const { url } = await front({ requestCert: true, rejectUnauthorized: true, ca: ours.cert });
    const connection = { server: url, 'certificate-authority-data': base64(server.cert) };
    const known = kubeconfig({
      cluster: connection,
      user: {
        token: cluster.token,
        'client-certificate-data': base64(ours.cert),
        'client-key-data': base64(ours.key),
      },
    });
    expect(await user(await open({ kubeconfig: known }))).toBe(cluster.user);
    const unknown = kubeconfig({ cluster: connection });
    expect((await refusal(user(await open({ kubeconfig: unknown })))).code).toBe('UNAVAILABLE');
  });

  it('takes the certificate of the name that the kubeconfig gives', async () => {
    const { url } = await front();
    const ca = base64(server.cert);
    const named = (name: string) =>
      kubeconfig({ cluster: { server: url, 'certificate-authority-data': ca, 'tls-server-name': name } });
    const wrong = await refusal(user(await open({ kubeconfig: named('other.example.com') })));
    expect(wrong).toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('other.example.com'),
    });
  });

  it.each<[string, JsonObject]>([
    [
      'verification that is switched off',
      { server: 'https://k8s.example.com', 'insecure-skip-tls-verify': true },
    ],
    ['plain http to another machine', { server: 'http://k8s.example.com' }],
    ['a proxy of its own', { server: 'https://k8s.example.com', 'proxy-url': 'http://proxy:3128' }],
    ['a missing authority', { server: 'https://k8s.example.com', 'certificate-authority': 'absent.crt' }],
  ])('is not had with %s', async (_what, of) => {
    expect((await refusal(open({ kubeconfig: kubeconfig({ cluster: of }) }))).code).toBe('CONFIG_INVALID');
  });

  it('with a key that is not of the certificate is a mistake in the config', async () => {
    const of = { 'client-certificate-data': base64(ours.cert), 'client-key-data': base64(server.key) };
    const client = await open({ kubeconfig: kubeconfig({ user: of }) });
    expect((await refusal(user(client))).code).toBe('CONFIG_INVALID');
  });
});

describe('a kubeconfig', () => {
  it('that is absent or no kubeconfig is told without a word of what is in it', async () => {
    expect((await refusal(open({ kubeconfig: 'absent' }))).code).toBe('CONFIG_INVALID');
    const token = randomBytes(12).toString('hex');
    writeFileSync(join(folder, 'broken'), `users:\n- user: {token: ${token}\n- name: [`);
    const error = await refusal(open({ kubeconfig: 'broken' }));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('not YAML') });
    expect(error.message).not.toContain(token);
  });

  it('names its contexts when the wanted one is not there', async () => {
    const error = await refusal(open({ kubeconfig: kubeconfig({}), context: 'staging' }));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: 'Its contexts are: prod.' });
  });

  it('is not there in a pod, where the config says so', async () => {
    expect((await refusal(open({ inCluster: true }))).code).toBe('CONFIG_INVALID');
  });

  it('whose user acts as somebody else says so to the server', async () => {
    await user(await open({ kubeconfig: kubeconfig({ user: { token: cluster.token, as: 'jane' } }) }));
    expect(cluster.server.requests[0]?.headers['impersonate-user']).toBe('jane');
  });

  it('of an older cluster does not tell the user', async () => {
    cluster.server.inject({ kind: 'status', status: 404, on: 'read' });
    const { attributes } = await askWhoami(await open({ kubeconfig: kubeconfig({}) }), signal);
    expect(attributes).toEqual({ server: cluster.server.url, context: 'prod' });
  });
});

describe('a token in a file', () => {
  it('is read again after a minute, and at once when it is refused', async () => {
    const path = join(folder, 'token');
    writeFileSync(path, `${cluster.token}\n`);
    const config = { 'auth-provider': { name: 'tokenFile', config: { tokenFile: path } } };
    const client = await open({ kubeconfig: kubeconfig({ user: config }) });
    expect(await user(client)).toBe(cluster.user);
    writeFileSync(path, 'another');
    expect(await user(client)).toBe(cluster.user);
    clock.advance(61_000);
    expect((await refusal(user(client))).code).toBe('UNAUTHENTICATED');
  });
});

describe('an auth provider', () => {
  it('whose program gives no JSON is told without a word of what it gave', async () => {
    const token = randomBytes(12).toString('hex');
    const config = { 'cmd-path': process.execPath, 'cmd-args': `-p '"${token}"'` };
    const provider = kubeconfig({ user: { 'auth-provider': { name: 'gcp', config } } });
    const error = await refusal(user(await open({ kubeconfig: provider })));
    expect(error.message).not.toContain(token.slice(0, 6));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining('not JSON') });
  });
});

describe('a credential plug-in', () => {
  /** Counts its runs, and gives what the test wants. */
  const plugin = (body: string, extra: JsonObject = {}): string => {
    const program = join(folder, 'plugin.mjs');
    writeFileSync(
      program,
      `#!${process.execPath}
       import { appendFileSync } from 'node:fs';
       appendFileSync(${JSON.stringify(join(folder, 'runs'))}, process.env.KUBERNETES_EXEC_INFO + '\\n');
       const give = (status) => console.log(JSON.stringify({ kind: 'ExecCredential', status }));
       ${body}`,
    );
    chmodSync(program, 0o700);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: program, ...extra };
    return kubeconfig({ user: { exec } });
  };
  const runs = (): string[] => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n');

  it('is run once for as long as its credential is good', async () => {
    const good = new Date(clock.now() + 600_000).toISOString();
    const config = plugin(`give({ token: '${cluster.token}', expirationTimestamp: '${good}' })`);
    const client = await open({ kubeconfig: config });
    await Promise.all([user(client), user(client)]);
    expect(await user(client)).toBe(cluster.user);
    expect(runs()).toHaveLength(1);
    clock.advance(571_000);
    await user(client);
    expect(runs()).toHaveLength(2);
  });

  it('is told what it is asked for, and where', async () => {
    const config = plugin(`give({ token: '${cluster.token}' })`, { provideClusterInfo: true });
    await user(await open({ kubeconfig: config }));
    expect(JSON.parse(runs()[0] ?? '')).toMatchObject({
      kind: 'ExecCredential',
      apiVersion: 'client.authentication.k8s.io/v1',
      spec: { interactive: false, cluster: { server: cluster.server.url } },
    });
  });

  it('with a path of its own is beside the kubeconfig that names it, wherever keyturn runs', async () => {
    const config = plugin(`give({ token: '${cluster.token}' })`, { command: './plugin.mjs' });
    mkdirSync(join(folder, 'clusters'));
    for (const file of [config, 'plugin.mjs']) renameSync(join(folder, file), join(folder, 'clusters', file));
    expect(await user(await open({ kubeconfig: `clusters/${config}` }))).toBe(cluster.user);
  });

  it('that gives a new credential for a refused one is asked again, and a write is done once', async () => {
    const config = plugin(`
      import { existsSync, writeFileSync } from 'node:fs';
      const second = existsSync('second');
      writeFileSync('second', '');
      give({ token: second ? '${cluster.token}' : 'stale' })`);
    const client = await open({ kubeconfig: config });
    await client.ask(
      {
        method: 'POST',
        path: '/api/v1/namespaces/shop/secrets',
        body: { metadata: { name: 'x' } },
        subject: 'x',
        action: 'make it',
        effect: 'write',
      },
      signal,
    );
    expect(runs()).toHaveLength(2);
    expect(cluster.effects()).toBe(1);
  });

  it.each([
    ['fails', `console.error('no session'); process.exit(1)`, 'UNAUTHENTICATED', 'no session'],
    ['gives nothing', `console.log('{}')`, 'UNAUTHENTICATED', 'no ExecCredential'],
    ['never ends', 'setInterval(() => {}, 1000)', 'TIMEOUT', 'did not end'],
  ])('that %s is told as what it is', async (_what, body, code, words) => {
    const client = await open({ kubeconfig: plugin(body) }, 1000);
    expect(await refusal(user(client))).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it('that fails after it has given its credential is told without it', async () => {
    const body = `give({ token: '${cluster.token}' }); process.exitCode = 1`;
    const error = await refusal(user(await open({ kubeconfig: plugin(body) })));
    expect(error.code).toBe('UNAUTHENTICATED');
    expect(error.message).not.toContain(cluster.token);
  });

  it('that is not installed is a mistake of the machine, with what its maker says', async () => {
    const config = plugin('', { command: join(folder, 'absent'), installHint: 'Install it with …' });
    const error = await refusal(user(await open({ kubeconfig: config })));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: 'Install it with …' });
  });
});
