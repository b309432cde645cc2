import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/stores/jenkins/credential-definition.ts';
import { withValues } from '../../src/stores/jenkins/with-values.ts';
import { parseXml } from '../../src/stores/jenkins/xml-elements.ts';
import { failure } from '../support/failure.ts';
import { freshValue, type JenkinsRig, openJenkinsRig, slotOf } from './jenkins-rig.ts';
import { secretsOf } from './support/writes.ts';

let rig: JenkinsRig;
beforeEach(async () => {
  rig = await openJenkinsRig();
});
afterEach(() => rig.close());

const LOGIN_CLASS = 'com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl';
const TEXT = 'system/_/npm-token';
const LOGIN = 'system/_/registry';
const write = (ref: string, values: Record<string, string>): Promise<unknown> =>
  rig.store.write(slotOf(ref, ...Object.keys(values)), secretsOf(values), undefined, rig.ctx);

describe('a write', () => {
  it('replaces the secret in the definition and posts all the rest back, to the byte', async () => {
    rig.have(TEXT, 'text', { secret: freshValue(), description: 'a "shared" <key> & more', scope: 'SYSTEM' });
    const shown = await definition(TEXT);
    const next = freshValue();
    await write(TEXT, { secret: next });
    expect(rig.held(TEXT, 'secret')).toBe(next);
    const posted = rig.emulator.server.requests.at(-1)?.body;
    const placeholder = /<secret>\s*<secret-redacted\/>\s*<\/secret>/;
    expect(posted).toBe(shown.replace(placeholder, `<secret>${next}</secret>`));
    expect(posted).toContain('plugin="plain-credentials@');
  });

  it('puts a user name and its password into one definition', async () => {
    rig.have(LOGIN, 'login', { password: freshValue() });
    const [username, password] = [freshValue(), freshValue()];
    await write(LOGIN, { username, password });
    expect([rig.held(LOGIN, 'username'), rig.held(LOGIN, 'password')]).toEqual([username, password]);
    expect(rig.emulator.effects()).toBe(1);
  });

  it('leaves the user name alone when only the password is ours', async () => {
    rig.have(LOGIN, 'login', { username: 'ключ & <bot>', password: freshValue() });
    rig.emulator.definitionType = 'application/xml;charset=utf-8';
    await write(LOGIN, { password: freshValue() });
    expect(rig.held(LOGIN, 'username')).toBe('ключ & <bot>');
  });

  it('gives the content of a secret file as the bytes of its text', async () => {
    rig.have('system/_/kubeconfig', 'file', { secretBytes: 'b2xk', fileName: 'config' });
    const content = `{"key":"${freshValue()}"}\n☃\u0000`;
    await write('system/_/kubeconfig', { content });
    const held = Buffer.from(rig.held('system/_/kubeconfig', 'secretBytes') ?? '', 'base64');
    expect(held.toString('utf8')).toBe(content);
    expect(rig.held('system/_/kubeconfig', 'fileName')).toBe('config');
  });

  it.each([
    ['carriage returns', 'a\r\nb\rc'],
    ['line ends of other scripts', 'a\u0085b\u2028c'],
    ['what looks like markup', ']]><secret-redacted/>&amp;<!--'],
    ['white space around', '  spaced \t\n'],
  ])('keeps %s', async (_what, odd) => {
    rig.have(TEXT, 'text', { secret: freshValue() });
    const value = `${freshValue()}${odd}`;
    await write(TEXT, { secret: value });
    expect(rig.held(TEXT, 'secret')).toBe(value);
  });

  it.each([
    ['a control character', '\u0007'],
    ['half a character', '\ud800'],
  ])('refuses %s, which XML cannot carry', async (_what, odd) => {
    rig.have(TEXT, 'text', { secret: freshValue() });
    expect((await failure(write(TEXT, { secret: `${freshValue()}${odd}` }))).code).toBe('REFUSED');
    expect(rig.emulator.effects()).toBe(0);
  });

  it('names the permission that is missing', async () => {
    rig.have(TEXT, 'text', { secret: freshValue() });
    rig.emulator.missing.add('com.cloudbees.plugins.credentials.CredentialsProvider.Update');
    const error = await failure(write(TEXT, { secret: freshValue() }));
    expect(error.code).toBe('PERMISSION_DENIED');
    expect(error.message).toContain('CredentialsProvider.Update');
  });
});

describe('a secret that Jenkins does not show is never posted back as its placeholder', () => {
  it('of the password beside a user name: refused, with nothing sent', async () => {
    const password = freshValue();
    rig.have(LOGIN, 'login', { password });
    const error = await failure(write(LOGIN, { username: freshValue() }));
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('`password`');
    expect(rig.held(LOGIN, 'password')).toBe(password);
    expect(rig.requests().filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('wherever the placeholder stands', () => {
    const xml = `<${LOGIN_CLASS}><id>a</id><password/><!-- <secret-redacted/> --></${LOGIN_CLASS}>`;
    const document = parseXml(xml);
    if (document === undefined) throw new Error('it is well-formed');
    const slot = slotOf('system/_/a', 'password');
    const values = secretsOf({ password: freshValue() });
    expect(() => withValues(definitionOf(xml, document, true), 'a', slot, values, 'ci')).toThrow(
      /placeholder/,
    );
  });

  it('of a kind of credential that keyturn does not know', async () => {
    rig.have('system/_/deploy-key', 'sshKey', { passphrase: freshValue() });
    const slot = slotOf('system/_/deploy-key', 'passphrase');
    const error = await failure(
      rig.store.write(slot, secretsOf({ passphrase: freshValue() }), undefined, rig.ctx),
    );
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('BasicSSHUserPrivateKey');
    const { findings, restore } = await rig.store.preflight(slot, rig.ctx);
    expect(findings).toMatchObject([{ severity: 'error', code: 'REFUSED' }]);
    expect(restore).toBe('none');
  });
});

describe('a definition that is served as Latin-1', () => {
  it.each([
    ['replaced characters', 'ключ \ufffd'],
    ['question marks', 'used by ????'],
  ])('is not written back with %s', async (_what, description) => {
    rig.have(TEXT, 'text', { secret: freshValue(), description });
    expect((await failure(write(TEXT, { secret: freshValue() }))).message).toContain('loses characters');
    expect(rig.emulator.effects()).toBe(0);
  });

  it('may hold question marks when Jenkins says that it is UTF-8', async () => {
    rig.have(TEXT, 'text', { secret: freshValue(), description: 'who uses it?' });
    rig.emulator.definitionType = 'application/xml;charset=utf-8';
    await write(TEXT, { secret: freshValue() });
    expect(rig.held(TEXT, 'description')).toBe('who uses it?');
  });
});

describe('a ref', () => {
  it.each([
    ['system/_/npm-token', '/credentials/store/system/domain/_/credential/npm-token/config.xml'],
    [
      'folder/team/app one/git.example.com/npm',
      '/job/team/job/app%20one/credentials/store/folder/domain/git.example.com/credential/npm/config.xml',
    ],
    ['user/alice/_/npm', '/user/alice/credentials/store/user/domain/_/credential/npm/config.xml'],
    ['system/a%2Fb/npm', '/credentials/store/system/domain/a%2Fb/credential/npm/config.xml'],
  ])('%s is a place', async (ref, path) => {
    expect(await rig.store.read(slotOf(ref, 'secret'), rig.ctx)).toBeUndefined();
    expect(rig.requests().at(-1)).toBe(`GET ${path}`);
  });

  it.each([
    'npm-token',
    'system/npm-token',
    'system/x/_/npm',
    'folder/_/npm',
    'user/a/b/_/npm',
    'system//x',
    'system/_/%zz',
  ])('%s is none, and preflight says so', async (ref) => {
    const { findings } = await rig.store.preflight(slotOf(ref, 'secret'), rig.ctx);
    expect(findings).toMatchObject([{ severity: 'error', code: 'CONFIG_INVALID' }]);
    expect(rig.requests()).toEqual([]);
  });
});

describe('preflight', () => {
  it('names a field that the kind of credential does not have, and those it has', async () => {
    rig.have(LOGIN, 'login', { password: freshValue() });
    const { findings } = await rig.store.preflight(slotOf(LOGIN, 'secret'), rig.ctx);
    expect(findings).toMatchObject([{ severity: 'error', code: 'NOT_FOUND' }]);
    expect(findings[0]?.hint).toContain('username, password');
  });

  it('warns of Configuration as Code, where Jenkins tells: once asked, for the system store', async () => {
    rig.emulator.plugins = ['credentials', 'configuration-as-code'];
    rig.have(TEXT, 'text', { secret: freshValue() });
    rig.have('folder/team/_/npm', 'text', { secret: freshValue() });
    for (let look = 0; look < 2; look += 1) {
      const { findings } = await rig.store.preflight(slotOf(TEXT, 'secret'), rig.ctx);
      expect(findings).toMatchObject([{ severity: 'warning', code: 'CONFLICT' }]);
    }
    expect((await rig.store.preflight(slotOf('folder/team/_/npm', 'secret'), rig.ctx)).findings).toEqual([]);
    expect(rig.requests().filter((request) => request.includes('pluginManager'))).toHaveLength(1);
  });
});

describe('a restore', () => {
  const pushed = { username: 'new-user', password: freshValue() };
  const old = { username: 'old-user', password: freshValue() };
  const back = (values: Record<string, string> | undefined): Promise<void> =>
    rig.store.restore(
      slotOf(LOGIN, 'username', 'password'),
      {
        before: undefined,
        values: values === undefined ? undefined : secretsOf(values),
        receipt: undefined,
        pushed: secretsOf(pushed),
      },
      rig.ctx,
    );

  it('writes the old pair', async () => {
    rig.have(LOGIN, 'login', pushed);
    await back(old);
    expect([rig.held(LOGIN, 'username'), rig.held(LOGIN, 'password')]).toEqual([old.username, old.password]);
  });

  it('leaves a credential alone whose user name is somebody else’s by now', async () => {
    rig.have(LOGIN, 'login', { ...pushed, username: 'third' });
    expect((await failure(back(old))).code).toBe('DRIFT');
    expect(rig.held(LOGIN, 'password')).toBe(pushed.password);
  });

  it('says what to do when the old value is not known', async () => {
    rig.have(LOGIN, 'login', pushed);
    const error = await failure(back(undefined));
    expect(error.code).toBe('REFUSED');
    expect(error.hint).toContain('keyturn resume');
  });
});

async function definition(ref: string): Promise<string> {
  const { shownDefinition } = await import('../../src/stores/jenkins/emulated-credentials.ts');
  const { placeOf } = await import('../../src/stores/jenkins/credential-place.ts');
  const found = rig.emulator.credentials.get(placeOf(ref, 'test').path);
  if (found === undefined) throw new Error(`nothing at ${ref}`);
  return shownDefinition(found);
}
