import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createResolver, type ResolveReference } from '../../src/config/references.ts';
import { referenceSchema } from '../../src/lib/reference-schema.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';

const newSecret = (): string => randomBytes(18).toString('base64url');

describe('a reference', () => {
  let baseDir: string;
  beforeAll(async () => {
    baseDir = await mkdtemp(join(tmpdir(), 'references-'));
  });
  afterAll(() => rm(baseDir, { recursive: true, force: true }));

  const resolver = (env: Record<string, string | undefined> = {}): ResolveReference =>
    createResolver({ baseDir, env: { PATH: process.env['PATH'], ...env } });

  const file = async (name: string, content: string | Uint8Array, mode = 0o600): Promise<string> => {
    const path = join(baseDir, name);
    await writeFile(path, content, { mode });
    await chmod(path, mode);
    return path;
  };

  const refused = async (attempt: Promise<unknown>, reason: RegExp): Promise<void> => {
    await expect(attempt).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(reason),
    });
  };

  describe('env:', () => {
    it('gives the variable exactly as it is', async () => {
      expect((await resolver({ TOKEN: ' a\n' })('env:TOKEN')).reveal()).toBe(' a\n');
    });

    it('refuses one that is not set, or says nothing', async () => {
      await refused(resolver()('env:TOKEN'), /env:TOKEN.*not set/);
      await refused(resolver()('env:constructor'), /not set/);
      await refused(resolver({ TOKEN: '' })('env:TOKEN'), /env:TOKEN.*empty/);
      await refused(resolver({ TOKEN: ' \n' })('env:TOKEN'), /empty/);
    });
  });

  describe('file:', () => {
    it.each([
      ['value', 'value'],
      ['value\n', 'value'],
      ['value\r\n', 'value'],
      ['value\n\n', 'value\n'],
      [' value ', ' value '],
      ['line 1\nline 2\n', 'line 1\nline 2'],
    ])('%j gives %j: one trailing newline is not part of it', async (content, value) => {
      await file('plain', content);
      expect((await resolver()('file:plain')).reveal()).toBe(value);
    });

    it('is found from the folder of the config, from the root, and from home', async () => {
      const path = await file('with space', 'value');
      expect((await resolver()('file:with space')).reveal()).toBe('value');
      expect((await resolver()(`file:${path}`)).reveal()).toBe('value');
      expect((await resolver({ HOME: baseDir })('file:~/with space')).reveal()).toBe('value');
    });

    it('refuses what every user of the machine can read, and says how to mend it', async () => {
      const secret = newSecret();
      await file('open', secret, 0o644);
      const error = await resolver()('file:open').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'CONFIG_INVALID',
        hint: expect.stringContaining('chmod 600 open'),
      });
      expect(JSON.stringify(error) + String(error)).not.toContain(secret);
    });

    it('accepts what a group may read', async () => {
      await file('group', 'value', 0o640);
      expect((await resolver()('file:group')).reveal()).toBe('value');
    });

    it('accepts a certificate that everybody can read, but no private key beside it', async () => {
      const block = (kind: string): string => `-----BEGIN ${kind}-----\nAAAA\n-----END ${kind}-----\n`;
      await file('ca.pem', block('CERTIFICATE'), 0o644);
      expect((await resolver()('file:ca.pem')).reveal()).toContain('CERTIFICATE');
      await file('both.pem', block('CERTIFICATE') + block(['PRIVATE', 'KEY'].join(' ')), 0o644);
      await refused(resolver()('file:both.pem'), /every user/);
    });

    it('refuses what is not there, not a file, empty, not text, or far too long', async () => {
      await mkdir(join(baseDir, 'folder'));
      await file('empty', '\n');
      await file('bytes', new Uint8Array([0xff, 0xfe, 0x00]));
      await file('long', 'x'.repeat(5 * 1024 * 1024));
      await refused(resolver()('file:missing'), /ENOENT/);
      await refused(resolver()('file:folder'), /EISDIR/);
      await refused(resolver()('file:empty'), /empty/);
      await refused(resolver()('file:bytes'), /UTF-8/);
      await refused(resolver()('file:long'), /bytes/);
    });
  });

  describe('exec:', () => {
    it('gives what the program prints, less one newline', async () => {
      expect((await resolver()(`exec:printf 'a b\\nc\\n\\n'`)).reveal()).toBe('a b\nc\n');
    });

    it('splits words as a shell does, and does nothing else a shell does', async () => {
      const value = (
        await resolver({ HOME: '/h' })(`exec:printf '%s|' $HOME "a b" '$(id)' x;y > z`)
      ).reveal();
      expect(value).toBe('$HOME|a b|$(id)|x;y|>|z|');
      expect(existsSync(join(baseDir, 'z'))).toBe(false);
    });

    it('runs in the folder of the config, with our environment', async () => {
      await file('print.sh', 'printf %s "$VAULT_TOKEN-$(basename "$PWD")"');
      const value = await resolver({ VAULT_TOKEN: 'vt' })('exec:sh ./print.sh');
      expect(value.reveal()).toBe(`vt-${baseDir.split('/').at(-1)}`);
    });

    it('refuses what fails, prints nothing, cannot be started or is no command', async () => {
      await refused(resolver()('exec:false'), /exec:false.*exit code 1/);
      await refused(resolver()('exec:true'), /exec:true.*empty/);
      await refused(resolver()(`exec:sh -c 'kill -9 $$'`), /exec:sh.*ended by a signal/);
      await refused(resolver()('exec:no-such-program-here x'), /ENOENT/);
      await refused(resolver()(`exec:printf "open`), /quote/);
      await refused(resolver()(`exec:""`), /not a command/);
      await refused(
        resolver()(`exec:${process.execPath} -e "process.stdout.write('x'.repeat(2e6))"`),
        /more than any secret/,
      );
    });

    it('gives up after its time', async () => {
      const resolve = createResolver({ baseDir, env: process.env, execTimeoutMs: 100 });
      await refused(resolve('exec:sleep 300'), /did not end within 100 ms/);
    });

    it('says nothing of what the program printed or was called with', async () => {
      const leaks = createLeakDetector();
      const [printed, argument] = [leaks.watch(newSecret()), leaks.watch(newSecret())];
      await file('talk.sh', `echo ${printed}; echo ${printed} >&2; exit 1`);
      leaks.expectClean(await resolver()(`exec:sh talk.sh ${argument}`).catch((error: unknown) => error));
      leaks.expectClean(
        await resolver()(`exec:no-such-program ${argument}`).catch((error: unknown) => error),
      );
    });
  });

  it('is resolved once a process, however many ask, and however it ends', async () => {
    await file('count.sh', 'echo x >> count; cat count | wc -l');
    const resolve = resolver();
    const values = await Promise.all([1, 2, 3].map(() => resolve('exec:sh count.sh')));
    expect(new Set([...values, await resolve('exec:sh count.sh')]).size).toBe(1);

    await file('fail.sh', 'echo x >> fails; exit 1');
    const attempts = [1, 2, 3].map(() => resolve('exec:sh fail.sh').catch(() => 'refused'));
    expect(await Promise.all(attempts)).toEqual(['refused', 'refused', 'refused']);
    await refused(resolve('exec:sh fail.sh'), /exit code 1/);
    expect(readFileSync(join(baseDir, 'fails'), 'utf8')).toBe('x\n');
  });

  it.each(['literal-secret', 'vault:x', 'env:', '', 'ENV:X', 'keyring:x'])(
    'that is none (%j) is refused without being repeated',
    async (reference) => {
      const error = await resolver()(reference).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
      if (reference.length > 5) expect(String(error)).not.toContain(reference);
    },
  );

  it.each(['env:A_1', 'file:a b/c', 'file:/x', 'exec:op read "op://a/b"'])(
    '%s may stand in a config',
    (reference) => {
      expect(referenceSchema.safeParse(reference).success).toBe(true);
    },
  );

  it.each(['abc', 'env:1A', 'env:A B', 'file:', 'file: x', 'exec: ', 'exec:a\nb', 'x env:A'])(
    '%j may not, and the message does not repeat it',
    (reference) => {
      const parsed = referenceSchema.safeParse(reference);
      expect(parsed.success).toBe(false);
      expect(parsed.error?.issues[0]?.message).toMatch(/^must be a reference/);
    },
  );
});
