import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRotationError, type RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openDockerLoginStore } from '../../src/stores/docker-login/docker-login-store.ts';

const SLOT: Slot = { ref: 'ghcr.io', fields: [''] };
const PAIR: Slot = { ref: 'ghcr.io', fields: ['username', 'password'] };
const ctx: WriteContext = {
  signal: new AbortController().signal,
  idempotencyToken: randomUUID(),
  rotationId: 'rot-1',
};

let folder: string;
let path: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
  path = process.env['PATH'];
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

const open = (timeoutMs = 5000): Store => {
  const nobody = (): Promise<never> => Promise.reject(new Error('this store asks nobody'));
  return openDockerLoginStore(
    { config: 'config.json' },
    {
      name: 'logins',
      baseDir: folder,
      clock: systemClock,
      timeoutMs,
      resolve: nobody,
      operator: { provideCredential: nobody, confirmDone: nobody },
    },
  );
};
const place = (config: JsonObject): void =>
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config, undefined, '\t'), { mode: 0o600 });
const config = (): unknown => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
const auth = (user: string, secret: string): string => btoa(`${user}:${secret}`);
const fresh = (): Secret => new Secret(`kt-${randomBytes(16).toString('hex')}`);

async function refusal(attempt: Promise<unknown>): Promise<RotationError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isRotationError(error)) return error;
  throw new Error(`expected a RotationError, not ${String(error)}`);
}

const errors = async (slot: Slot): Promise<readonly string[]> => {
  const { findings } = await open().preflight(slot, ctx);
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
};

describe('a login in config.json', () => {
  it('gets its password, and keeps its user and all that others have there', async () => {
    const others = { 'https://index.docker.io/v1/': { auth: auth('hub', 'x') } };
    place({
      auths: { ...others, 'ghcr.io': { auth: auth('robot', 'old:with:colons'), email: 'a@b' } },
      psFormat: 'x',
    });
    const store = open();
    const before = await store.read(SLOT, ctx);
    expect(before?.fields['']?.reveal()).toBe('old:with:colons');
    const value = fresh();
    await store.write(SLOT, { '': value }, before?.version, ctx);
    expect(config()).toEqual({
      auths: { ...others, 'ghcr.io': { auth: auth('robot', value.reveal()), email: 'a@b' } },
      psFormat: 'x',
    });
  });

  it('may change its user too', async () => {
    place({ auths: { 'ghcr.io': { auth: auth('old', 'old') } } });
    await open().write(PAIR, { username: new Secret('new'), password: new Secret('pass') }, undefined, ctx);
    expect(config()).toEqual({ auths: { 'ghcr.io': { auth: auth('new', 'pass') } } });
    const odd = { username: new Secret('a:b'), password: fresh() };
    expect((await refusal(open().write(PAIR, odd, undefined, ctx))).code).toBe('REFUSED');
  });

  it('that is an identity token stays one', async () => {
    place({ auths: { 'ghcr.io': { auth: auth('robot', ''), identitytoken: 'old' } } });
    const value = fresh();
    await open().write(SLOT, { '': value }, undefined, ctx);
    expect(config()).toEqual({
      auths: { 'ghcr.io': { auth: auth('robot', ''), identitytoken: value.reveal() } },
    });
  });

  it('that is an identity token alone gets no user beside it', async () => {
    place({ auths: { 'ghcr.io': { identitytoken: 'old' } } });
    const value = fresh();
    await open().write(SLOT, { '': value }, undefined, ctx);
    expect(config()).toEqual({ auths: { 'ghcr.io': { identitytoken: value.reveal() } } });
  });

  it('that is no text is refused, since it could not be put back', async () => {
    place({ auths: { 'ghcr.io': { auth: Buffer.from('robot:\xff', 'latin1').toString('base64') } } });
    expect(await errors(SLOT)).toEqual(['REFUSED']);
  });

  it('is not there for another registry, another field, or in a file that is none', async () => {
    place({ auths: { 'ghcr.io': { auth: auth('robot', 'old') }, 'empty.io': {} } });
    expect(await errors({ ...SLOT, ref: 'quay.io' })).toEqual(['NOT_FOUND']);
    expect(await errors({ ...SLOT, ref: 'empty.io' })).toEqual(['NOT_FOUND']);
    expect(await errors({ ...SLOT, fields: ['token'] })).toEqual(['NOT_FOUND']);
    writeFileSync(join(folder, 'config.json'), 'not json');
    expect(await errors(SLOT)).toEqual(['REFUSED']);
    rmSync(join(folder, 'config.json'));
    expect(await errors(SLOT)).toEqual(['NOT_FOUND']);
    expect(await open().read(SLOT, ctx)).toBeUndefined();
  });
});

describe('a name that stands twice', () => {
  const write = (text: string): Promise<unknown> => {
    writeFileSync(join(folder, 'config.json'), text, { mode: 0o600 });
    return open().write(SLOT, { '': fresh() }, undefined, ctx);
  };
  const entry = (user: string): string => `{"auth":"${auth(user, 'x')}"}`;

  it('in a login is refused: the docker CLI would take the other one', async () => {
    const text = `{"auths":{"ghcr.io":{"auth":"${auth('a', 'x')}","auth":"${auth('b', 'x')}"}}}`;
    const error = await refusal(write(text));
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('"auth" 2 times');
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toBe(text);
    expect(await errors(SLOT)).toEqual(['REFUSED']);
  });

  it('for a registry is the last one, as for the docker CLI', async () => {
    await write(`{"auths":{"ghcr.io":${entry('first')},"ghcr.io":${entry('last')}}}`);
    expect((await open().read(PAIR, ctx))?.fields['username']?.reveal()).toBe('last');
    expect(readFileSync(join(folder, 'config.json'), 'utf8')).toContain(entry('first'));
  });
});

describe('a login of a credential helper', () => {
  const kept = (): string => join(folder, 'kept.json');
  /** A helper as those of docker are: one file of logins. */
  const installHelper = (body?: string): void => {
    const program = join(folder, 'docker-credential-test');
    const usual = `
      const kept = JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : '{}');
      if (verb === 'get') {
        if (kept[input] === undefined) { console.log('credentials not found in native keychain'); process.exit(1); }
        console.log(JSON.stringify({ ServerURL: input, ...kept[input] }));
      } else {
        const { ServerURL, ...login } = JSON.parse(input);
        writeFileSync(file, JSON.stringify({ ...kept, [ServerURL]: login }));
      }`;
    writeFileSync(
      program,
      `#!${process.execPath}
      const { existsSync, readFileSync, writeFileSync } = require('node:fs');
      const file = ${JSON.stringify(kept())};
      const verb = process.argv[2];
      const input = readFileSync(0, 'utf8').trim();
      writeFileSync(file + '.argv', process.argv.slice(2).join(' ') + ' ', { flag: 'a' });
      ${body ?? usual}`,
    );
    chmodSync(program, 0o700);
    process.env['PATH'] = `${folder}${delimiter}${path}`;
  };
  const keep = (login: JsonObject): void => writeFileSync(kept(), JSON.stringify({ 'ghcr.io': login }));
  const keeps = (): unknown => JSON.parse(readFileSync(kept(), 'utf8'));

  beforeEach(() => {
    installHelper();
    keep({ Username: 'robot', Secret: 'old' });
    place({ auths: { 'ghcr.io': {} }, credHelpers: { 'ghcr.io': 'test' } });
  });

  it('is read and written through it, the value by stdin, and never put into the file', async () => {
    const store = open();
    const before = await store.read(SLOT, ctx);
    expect(before?.fields['']?.reveal()).toBe('old');
    const value = fresh();
    const { version } = await store.write(SLOT, { '': value }, before?.version, ctx);
    expect(keeps()).toEqual({ 'ghcr.io': { Username: 'robot', Secret: value.reveal() } });
    expect((await store.read(SLOT, ctx))?.version).toBe(version);
    expect(readFileSync(`${kept()}.argv`, 'utf8')).toBe('get get store get ');
    expect(config()).toEqual({ auths: { 'ghcr.io': {} }, credHelpers: { 'ghcr.io': 'test' } });
  });

  it('is found by the helper for all registries too', async () => {
    place({ credsStore: 'test' });
    expect((await open().read(SLOT, ctx))?.fields['']?.reveal()).toBe('old');
    expect(await errors(SLOT)).toEqual([]);
  });

  it('is restored, but not over the login of somebody else', async () => {
    const store = open();
    const before = await store.read(PAIR, ctx);
    const pushed = { username: new Secret('robot2'), password: fresh() };
    const receipt = await store.write(PAIR, pushed, before?.version, ctx);
    const restoration = { before: before?.version, values: before?.fields, receipt, pushed };
    await store.restore(PAIR, restoration, ctx);
    expect(keeps()).toEqual({ 'ghcr.io': { Username: 'robot', Secret: 'old' } });
    keep({ Username: 'robot', Secret: 'theirs' });
    expect((await refusal(store.restore(PAIR, restoration, ctx))).code).toBe('DRIFT');
    expect((await refusal(store.write(PAIR, pushed, before?.version, ctx))).code).toBe('CONFLICT');
  });

  it('that is not there is a missing slot, and is never made', async () => {
    keep({});
    writeFileSync(kept(), '{}');
    expect(await open().read(SLOT, ctx)).toBeUndefined();
    expect(await errors(SLOT)).toEqual(['NOT_FOUND']);
    expect((await refusal(open().write(SLOT, { '': fresh() }, undefined, ctx))).code).toBe('NOT_FOUND');
    expect(keeps()).toEqual({});
  });

  it.each([
    ['is not installed', undefined, 'CONFIG_INVALID'],
    ['breaks', `console.log('keychain is locked'); process.exit(1)`, 'UNAVAILABLE'],
    ['gives no login', `console.log('[]')`, 'UNAVAILABLE'],
    ['never ends', 'setInterval(() => {}, 1000)', 'TIMEOUT'],
  ])('is not read when it %s', async (_what, body, code) => {
    if (body === undefined) rmSync(join(folder, 'docker-credential-test'));
    else installHelper(body);
    expect((await refusal(open(1000).read(SLOT, ctx))).code).toBe(code);
  });

  it.each([
    ['before it stored anything', `process.kill(process.pid, 'SIGKILL');`, 'old'],
    ['after it stored it', `usual(); process.kill(process.pid, 'SIGKILL');`, 'new'],
    ['by itself, after it stored it', `usual(); process.exit(1);`, 'new'],
  ])('may or may not be there when the helper ended %s: a look tells', async (_when, body, holds) => {
    installHelper(`
      const usual = () => {
        const { ServerURL, ...login } = JSON.parse(input);
        writeFileSync(file, JSON.stringify({ [ServerURL]: login }));
      };
      if (verb === 'get') console.log(JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))[input]));
      else { ${body} }`);
    const value = fresh();
    const error = await refusal(open().write(SLOT, { '': value }, undefined, ctx));
    expect(error.code).toBe('INDETERMINATE');
    const now = (await open().read(SLOT, ctx))?.fields['']?.reveal();
    expect(now).toBe(holds === 'new' ? value.reveal() : 'old');
  });

  it('that is not UTF-8 is refused: it could not be put back as it was', async () => {
    installHelper(`process.stdout.write(Buffer.from('{"Username":"robot","Secret":"p\xe9"}', 'latin1'))`);
    const error = await refusal(open().read(SLOT, ctx));
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('not UTF-8');
  });

  it('that is refused is told without the value, whatever the helper repeats', async () => {
    installHelper(`
      if (verb === 'get') console.log('{"Username":"robot","Secret":"old"}');
      else { console.log('cannot store ' + input); process.exit(1); }`);
    const value = fresh();
    const error = await refusal(open().write(SLOT, { '': value }, undefined, ctx));
    expect(error.code).toBe('REFUSED');
    expect(error.message).toContain('cannot store');
    expect(error.message).not.toContain(value.reveal());
  });

  it('that is given and fails is told without it', async () => {
    const value = fresh();
    installHelper(`console.log('{"Username":"robot","Secret":"${value.reveal()}"}'); process.exit(1)`);
    const error = await refusal(open().read(SLOT, ctx));
    expect(error.code).toBe('UNAVAILABLE');
    expect(error.message).not.toContain(value.reveal());
  });

  it('is not looked for under a name that is a path', async () => {
    place({ credsStore: '../evil' });
    expect((await refusal(open().read(SLOT, ctx))).code).toBe('CONFIG_INVALID');
    expect(existsSync(`${kept()}.argv`)).toBe(false);
  });
});
