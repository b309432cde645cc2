import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Restoration } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { ENV, envFolder, slotOf } from './support/env-folder.ts';
import { secretsOf, writing } from './support/writes.ts';

const asRoot = process.geteuid?.() === 0;

describe('the env file store', () => {
  it('keeps CRLF, byte order mark, comments, order and a missing last line end', async () => {
    const { store, put, bytes } = envFolder();
    put('\uFEFF# é\r\n\r\nexport KEY="old" # why\r\nB = 2\r\nC=\'x\r\ny\'');
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(bytes()).toEqual(Buffer.from('\uFEFF# é\r\n\r\nexport KEY="new" # why\r\nB = 2\r\nC=\'x\r\ny\''));
  });

  it('writes several entries of a file at once', async () => {
    const { store, put, text, names } = envFolder();
    put('ID=a\nX=1\nSECRET=b\n');
    await store.write(slotOf('ID', 'SECRET'), secretsOf({ ID: 'c', SECRET: 'd e' }), undefined, writing());
    expect(text()).toBe("ID=c\nX=1\nSECRET='d e'\n");
    expect(names()).toEqual([ENV]);
  });

  it('writes none of several entries when one of them cannot be written', async () => {
    const { store, put, text } = envFolder();
    put('ID=a\n');
    const attempt = store.write(
      slotOf('ID', 'SECRET'),
      secretsOf({ ID: 'c', SECRET: 'd' }),
      undefined,
      writing(),
    );
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(text()).toBe('ID=a\n');
  });

  it('refuses a value that would make the file larger than it reads again', async () => {
    const { store, put, text, names } = envFolder();
    const rest = `\n#${'x'.repeat(1024 * 1024 - 9)}\n`;
    put(`KEY=o${rest}`);
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'n' }), undefined, writing());
    const attempt = store.write(slotOf('KEY'), secretsOf({ KEY: 'longer' }), undefined, writing());
    await expect(attempt).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    expect(text()).toBe(`KEY=n${rest}`);
    expect(names()).toEqual([ENV]);
  });

  it('does not touch the file when the value is there already', async () => {
    const { store, put, path } = envFolder();
    put('KEY="same"\n');
    const before = statSync(path());
    const receipt = await store.write(slotOf('KEY'), secretsOf({ KEY: 'same' }), undefined, writing());
    expect(statSync(path())).toMatchObject({
      ino: before.ino,
      mtimeMs: before.mtimeMs,
      ctimeMs: before.ctimeMs,
    });
    expect(receipt.version).toBe((await store.read(slotOf('KEY'), writing()))?.version);
  });

  it('keeps the mode', async () => {
    const { store, put, path } = envFolder();
    put('KEY=old');
    chmodSync(path(), 0o4640);
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(statSync(path()).mode & 0o7777).toBe(0o4640);
  });

  it('keeps the owner', async () => {
    const { store, put, path } = envFolder();
    put('KEY=old');
    // Only root can give a file away; anybody else has but their own.
    if (asRoot) chownSync(path(), 12_345, 23_456);
    const { uid, gid } = statSync(path());
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(statSync(path())).toMatchObject({ uid, gid });
  });

  it('follows a symbolic link to the real file, and leaves the link alone', async () => {
    const { store, put, path, text, names, root } = envFolder();
    mkdirSync(path('shared'));
    put('KEY=old', 'shared/real.env');
    symlinkSync('shared/real.env', path());
    await store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing());
    expect(lstatSync(path()).isSymbolicLink()).toBe(true);
    expect(readlinkSync(path())).toBe('shared/real.env');
    expect(text('shared/real.env')).toBe('KEY=new');
    expect(names()).toEqual([ENV, 'shared']);
    expect(dirname(path())).toBe(root);
  });

  it('refuses a file with hard links: the other names would keep the old value', async () => {
    const { store, put, path, text } = envFolder();
    put('KEY=old');
    linkSync(path(), path('copy'));
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({
      code: 'REFUSED',
    });
    expect((await store.preflight(slotOf('KEY'), writing())).findings.map(({ code }) => code)).toContain(
      'REFUSED',
    );
    expect(text()).toBe('KEY=old');
  });

  it.each([
    ['invalid UTF-8', Buffer.from([0x4b, 0x45, 0x59, 0x3d, 0xff, 0xfe])],
    ['a NUL byte', Buffer.from('KEY=old\0')],
    ['UTF-16', Buffer.from('\uFEFFKEY=old', 'utf16le')],
    ['UTF-16 the other way round', Buffer.from('\uFEFFKEY=old', 'utf16le').swap16()],
    ['what is far too large to be one', Buffer.from(`KEY=old\n#${'x'.repeat(1024 * 1024)}`)],
    ['a value encrypted by dotenvx', Buffer.from('KEY=encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt')],
    ['contradicting duplicates', Buffer.from('KEY=a\nKEY=b')],
  ])('refuses %s, in write, read of the value, and preflight', async (_what, content) => {
    const { store, put, bytes } = envFolder();
    put(content);
    const refused = expect.objectContaining({ code: 'REFUSED' });
    await expect(store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing())).rejects.toEqual(
      refused,
    );
    await expect(store.read(slotOf('KEY'), writing())).rejects.toEqual(refused);
    const { findings } = await store.preflight(slotOf('KEY'), writing());
    expect(findings).toContainEqual(expect.objectContaining({ code: 'REFUSED', severity: 'error' }));
    expect(bytes()).toEqual(content);
  });

  it.each(['nul\0nul', 'half a pair \ud83d'])(
    'refuses a value that no text file can hold: %j',
    async (value) => {
      const { store, put, text, names } = envFolder();
      put('KEY=old');
      await expect(
        store.write(slotOf('KEY'), secretsOf({ KEY: value }), undefined, writing()),
      ).rejects.toMatchObject({
        code: 'REFUSED',
      });
      expect(text()).toBe('KEY=old');
      expect(names()).toEqual([ENV]);
    },
  );

  it.each([[['']], [['no spaces']], [[]]])('refuses %j as fields', async (fields) => {
    const { store, put } = envFolder();
    put('KEY=old');
    await expect(store.read(slotOf(...fields), writing())).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    const { findings } = await store.preflight(slotOf(...fields), writing());
    expect(findings).toEqual([expect.objectContaining({ code: 'CONFIG_INVALID', severity: 'error' })]);
  });

  it('refuses what is not a regular file', async () => {
    const { store, path } = envFolder();
    mkdirSync(path());
    await expect(store.read(slotOf('KEY'), writing())).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('makes no file: where there is none, the ref is wrong', async () => {
    const { store, names } = envFolder();
    await expect(
      store.write(slotOf('KEY'), secretsOf({ KEY: 'new' }), undefined, writing()),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await store.read(slotOf('KEY'), writing())).toBeUndefined();
    expect(names()).toEqual([]);
  });

  it('says who and where it is', async () => {
    const { store, root } = envFolder();
    expect((await store.whoami(writing())).attributes).toEqual({
      host: hostname(),
      user: userInfo().username,
      root,
    });
  });
});

describe('taking a push back', () => {
  const restoration = (values: Restoration['values']): Restoration => ({
    before: undefined,
    values,
    receipt: undefined,
    pushed: secretsOf({ KEY: 'new' }),
  });

  it('keeps what others wrote to other entries meanwhile', async () => {
    const { store, put, text } = envFolder();
    put('# added\nKEY="new"\nADDED=1\nOTHER=changed\n');
    await store.restore(slotOf('KEY'), restoration(secretsOf({ KEY: 'old' })), writing());
    expect(text()).toBe('# added\nKEY="old"\nADDED=1\nOTHER=changed\n');
  });

  it('is done when the write never happened', async () => {
    const { store, put, text } = envFolder();
    put('KEY=old');
    await store.restore(slotOf('KEY'), restoration(secretsOf({ KEY: 'old' })), writing());
    expect(text()).toBe('KEY=old');
  });

  it('never empties an entry whose old value is not known', async () => {
    const { store, put, text } = envFolder();
    put('KEY=new');
    await expect(store.restore(slotOf('KEY'), restoration(undefined), writing())).rejects.toMatchObject({
      code: 'REFUSED',
    });
    expect(text()).toBe('KEY=new');
  });

  it.each(['KEY=theirs', 'OTHER=1'])('refuses to write over drift: %s', async (content) => {
    const { store, put, text } = envFolder();
    put(content);
    const attempt = store.restore(slotOf('KEY'), restoration({ KEY: new Secret('old') }), writing());
    await expect(attempt).rejects.toMatchObject({ code: 'DRIFT' });
    expect(text()).toBe(content);
  });

  it('calls a file that is gone drift', async () => {
    const { store } = envFolder();
    const attempt = store.restore(slotOf('KEY'), restoration({ KEY: new Secret('old') }), writing());
    await expect(attempt).rejects.toMatchObject({ code: 'DRIFT' });
  });
});

describe('preflight of an env file', () => {
  const git = (root: string, ...args: string[]): Buffer =>
    execFileSync('git', args, { cwd: root, stdio: 'pipe' });

  it('names each key that is missing or empty', async () => {
    const { store, put } = envFolder();
    put('KEY=1\nEMPTY=\n');
    const { findings } = await store.preflight(slotOf('KEY', 'EMPTY', 'ABSENT'), writing());
    const messages = findings.filter(({ code }) => code === 'NOT_FOUND').map(({ message }) => message);
    expect(messages).toEqual(['its entry EMPTY is empty', 'it has no entry ABSENT']);
  });

  it('warns of a file that everybody may read', async () => {
    const { store, put, path } = envFolder();
    put('KEY=1');
    chmodSync(path(), 0o644);
    const { findings } = await store.preflight(slotOf('KEY'), writing());
    expect(findings).toEqual([expect.objectContaining({ severity: 'warning', subject: 'env/.env' })]);
  });

  it('warns of a file that git tracks, and of one that git does not ignore', async () => {
    const { store, put, root } = envFolder();
    put('KEY=1');
    git(root, 'init', '-q');
    expect((await store.preflight(slotOf('KEY'), writing())).findings).toEqual([
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining('does not ignore') }),
    ]);
    git(root, 'add', ENV);
    expect((await store.preflight(slotOf('KEY'), writing())).findings).toEqual([
      expect.objectContaining({ severity: 'warning', message: expect.stringContaining('tracked by git') }),
    ]);
  });

  it('has nothing to say of a file that git ignores', async () => {
    const { store, put, root } = envFolder();
    put('KEY=1');
    put(`${ENV}\n`, '.gitignore');
    git(root, 'init', '-q');
    expect((await store.preflight(slotOf('KEY'), writing())).findings).toEqual([]);
  });
});
