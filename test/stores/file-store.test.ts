import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Store } from '../../src/core/plugins/store.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { startFileEmulator } from '../../src/stores/file/emulator.ts';
import { openFileStore } from '../../src/stores/file/file-store.ts';
import type { FileOptions } from '../../src/stores/file/options.ts';
import { secretsOf, writing } from './support/writes.ts';

function openAt(baseDir: string, options: Partial<FileOptions> = {}): Store {
  const nobody = (): Promise<never> => Promise.reject(new RotationError('INTERNAL', { subject: 'nobody' }));
  return openFileStore(
    { root: '.', ...options },
    {
      name: 'files',
      baseDir,
      clock: systemClock,
      timeoutMs: 10_000,
      resolve: nobody,
      operator: { provideCredential: nobody, confirmDone: nobody },
    },
  );
}

function folder(name: string, content: string) {
  const root = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const path = join(root, name);
  writeFileSync(path, content, { mode: 0o600 });
  return { root, path, text: () => readFileSync(path, 'utf8') };
}

describe('a file of settings', () => {
  it.each([
    ['settings.json', 'db.users[1].key'],
    ['settings.yaml', 'db.users[1].key'],
    ['SETTINGS.YML', '["a.b"].key'],
    ['settings.toml', 'db.users[1].key'],
    ['settings.ini', '["a.b"].key'],
    ['setup.cfg', 'key'],
  ])('%s: %s is read, written and restored, and nothing else is touched', async (ref, field) => {
    const emulator = await startFileEmulator();
    onTestFinished(() => emulator.stop());
    const store = openAt(String(emulator.options()['root']));
    const slot = await emulator.seed({ ref, fields: [field, 'other'] }, { [field]: 'old-1', other: 'old-2' });
    const neighbours = await emulator.neighbours(slot);
    const before = await store.read(slot, writing());

    expect((await store.preflight(slot, writing())).findings).toEqual([]);
    const pushed = secretsOf({ [field]: 'new-1', other: 'new-2' });
    const receipt = await store.write(slot, pushed, before?.version, writing());
    expect(await emulator.peek(slot)).toEqual({ [field]: 'new-1', other: 'new-2' });
    expect((await store.read(slot, writing()))?.version).toBe(receipt.version);
    expect(emulator.effects()).toBe(1);

    const values = before?.fields;
    await store.restore(slot, { before: before?.version, values, receipt, pushed }, writing());
    expect((await store.read(slot, writing()))?.version).toBe(before?.version);
    expect(await emulator.neighbours(slot)).toBe(neighbours);
  });

  it('keeps its mode, and leaves nothing beside it', async () => {
    const { root, path, text } = folder('app.json', '\uFEFF{"key": "old"}\r\n');
    chmodSync(path, 0o640);
    const slot = { ref: 'app.json', fields: ['key'] };
    await openAt(root).write(slot, secretsOf({ key: 'new' }), undefined, writing());
    expect(text()).toBe('\uFEFF{"key": "new"}\r\n');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readdirSync(root)).toEqual(['app.json']);
  });

  it('is written in the format that the config says, whatever its name', async () => {
    const { root, text } = folder('.npmrc', 'key = old\n');
    const slot = { ref: '.npmrc', fields: ['key'] };
    await openAt(root, { format: 'ini' }).write(slot, secretsOf({ key: 'new' }), undefined, writing());
    expect(text()).toBe('key = new\n');
  });

  it('of which nobody knows how it is written is refused, and preflight says so', async () => {
    const { root } = folder('app.conf', 'key = old\n');
    const slot = { ref: 'app.conf', fields: ['key'] };
    const reason = expect.stringContaining('does not tell how it is written');
    await expect(openAt(root).read(slot, writing())).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect((await openAt(root).preflight(slot, writing())).findings).toEqual([
      expect.objectContaining({ code: 'CONFIG_INVALID', severity: 'error', message: reason }),
    ]);
  });
});

describe('preflight of a file of settings', () => {
  const findings = async (name: string, content: string, ...fields: string[]) => {
    const { root } = folder(name, content);
    const report = await openAt(root).preflight({ ref: name, fields }, writing());
    return report.findings.map(({ code, message }) => `${code}: ${message}`);
  };

  it('says of each value what is wrong with it', async () => {
    const text = 'empty: ""\nnumber: 12\nshared: &a x\nagain: *a\n';
    expect(await findings('a.yaml', text, 'absent', 'empty', 'number', 'shared', 'again')).toEqual([
      'NOT_FOUND: it has no value absent',
      'NOT_FOUND: its value empty is empty',
      'REFUSED: its value number holds a number, not a text',
      'REFUSED: its value shared is under the anchor &a, so that it stands in other places as well',
      'REFUSED: its value again comes from the alias *a',
    ]);
  });

  it.each([
    ['', 'no field names a value of the file'],
    ['a b', 'field a b is no path to a value'],
    ['$', 'field $ is no path to a value'],
    ['a.b.c', 'field a.b.c has more than a section and a key, which is all an INI file has'],
  ])('refuses the field %j', async (field, message) => {
    expect(await findings('a.ini', '[a]\nb = c\n', field)).toEqual([`CONFIG_INVALID: ${message}`]);
  });

  it('says that a file is not what its name says', async () => {
    expect(await findings('a.toml', 'key: value\n', 'key')).toEqual(['REFUSED: it is not TOML 1.0 (line 1)']);
  });
});

describe('a rehearsal', () => {
  it('keeps the format of the config, and every value that was put into one file', async () => {
    const emulator = await startFileEmulator();
    onTestFinished(() => emulator.stop());
    const options = emulator.options({ root: './somewhere', format: 'toml' });
    expect(options).toEqual({ root: expect.stringContaining('keyturn-file-'), format: 'toml' });
    const one = await emulator.seed({ ref: '/etc/app.conf', fields: ['a.key'] }, { 'a.key': 'one' });
    const two = await emulator.seed({ ref: one.ref, fields: ['b.key', 'c'] }, { 'b.key': 'two', c: 'three' });
    await emulator.seed(one, { 'a.key': 'four' });
    expect(await emulator.peek(one)).toEqual({ 'a.key': 'four' });
    expect(await emulator.peek(two)).toEqual({ 'b.key': 'two', c: 'three' });
    expect(await emulator.peek({ ref: 'absent.toml', fields: ['a'] })).toBeUndefined();
    expect(emulator.effects()).toBe(0);
  });
});
