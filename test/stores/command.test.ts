import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Slot, Store } from '../../src/core/plugins/store.ts';
import { type CommandStoreEmulator, startCommandStoreEmulator } from '../../src/stores/command/emulator.ts';
import { plugin } from '../../src/stores/command/index.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { plainValue } from '../../src/testing/sample-values.ts';
import { openStore, restorationOf } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

let emulator: CommandStoreEmulator;
let slot: Slot;
beforeEach(async () => {
  emulator = await startCommandStoreEmulator();
  slot = await emulator.seed({ ref: 'apps/shop', fields: ['user', 'key'] }, { user: 'me', key: 'old-key' });
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}): Promise<Store> =>
  openStore(plugin, { ...emulator.options(), ...options }, emulator.resolve);

/** A store whose program does what the script says, whatever it is asked. */
const thatRuns = (script: string, options: JsonObject = {}): Promise<Store> =>
  open({ command: [process.execPath, '-e', script], ...options });
const thatAnswers = (answer: Json, options: JsonObject = {}): Promise<Store> =>
  thatRuns(`process.stdout.write(${JSON.stringify(JSON.stringify(answer))})`, options);

const NEW = secretsOf({ user: 'me', key: 'new-key' });
const questions = (): readonly (Json | undefined)[] =>
  emulator.runs().map(({ question }) => question['action']);

describe('secrets', () => {
  it('travel on standard input, never in arguments or the environment', async () => {
    const leaks = createLeakDetector();
    const store = await open();
    const value = leaks.watch(plainValue());
    leaks.watch(emulator.resolve('env:SECRET_PROGRAM_TOKEN') ?? '');
    await store.write(slot, secretsOf({ user: 'me', key: value }), undefined, writing());
    expect(await emulator.peek(slot)).toEqual({ user: 'me', key: value });
    leaks.expectClean(emulator.runs());
  });

  it('that a program says while it refuses are not repeated', async () => {
    const value = plainValue();
    emulator.trouble('write', { before: true, exit: 15, words: `${value} is too simple` });
    const attempt = (await open()).write(slot, secretsOf({ user: 'me', key: value }), undefined, writing());
    await expect(attempt).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('[redacted] is too simple'),
    });
  });

  it.each(['read', 'write', 'restore'] as const)(
    'that a program says while it breaks in a %s are not repeated',
    async (action) => {
      const leaks = createLeakDetector();
      const store = await open();
      const before = await store.read(slot, writing());
      const key = leaks.watch(plainValue());
      const pushed = secretsOf({ user: 'me', key });
      const receipt = await store.write(slot, pushed, undefined, writing());
      emulator.trouble(action, { before: false, exit: 1, echo: true });
      const attempts = {
        read: () => store.read(slot, writing()),
        write: () => store.write(slot, pushed, undefined, writing()),
        restore: () =>
          store.restore(slot, restorationOf({ before: before?.version, receipt, pushed }), writing()),
      };
      const error = await attempts[action]().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: action === 'read' ? 'UNAVAILABLE' : 'INDETERMINATE' });
      leaks.expectClean(error);
    },
  );
});

describe('exit codes', () => {
  it.each([
    [10, 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
    [12, 'LIMIT_REACHED', 'LIMIT_REACHED'],
    [13, 'PERMISSION_DENIED', 'PERMISSION_DENIED'],
    [14, 'CONFLICT', 'CONFLICT'],
    [15, 'REFUSED', 'REFUSED'],
    [75, 'UNAVAILABLE', 'UNAVAILABLE'],
    [1, 'UNAVAILABLE', 'INDETERMINATE'],
    [127, 'UNAVAILABLE', 'INDETERMINATE'],
  ] as const)('%i is %s for a read and %s for a write', async (exit, read, write) => {
    const store = await open();
    emulator.trouble('read', { before: true, exit });
    emulator.trouble('write', { before: true, exit });
    await expect(store.read(slot, writing())).rejects.toMatchObject({ code: read });
    await expect(store.write(slot, NEW, undefined, writing())).rejects.toMatchObject({ code: write });
    expect(emulator.effects()).toBe(0);
  });

  it('11 is a slot that is not there: nothing for a read, NOT_FOUND for a write', async () => {
    const store = await open();
    const absent = { ...slot, ref: 'absent' };
    expect(await store.read(absent, writing())).toBeUndefined();
    await expect(store.write(absent, NEW, undefined, writing())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of a program that cannot be started promise that nothing was done', async () => {
    const store = await open({ command: ['./no-such-program'] });
    await expect(store.write(slot, NEW, undefined, writing())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('an answer', () => {
  it.each([
    ['no JSON', 'process.stdout.write("done")', 'not one JSON object'],
    ['no mapping', 'process.stdout.write("[]")', 'not one JSON object'],
    ['nothing', '', 'no mapping at fields'],
    ['a list of fields', 'process.stdout.write(`{"fields":[]}`)', 'no mapping at fields'],
    ['a number', 'process.stdout.write(`{"fields":{"key":12}}`)', 'the field "key" is no text'],
    ['without a version', 'process.stdout.write(`{"fields":{}}`)', 'no version'],
    // A restore would put back something else.
    ['not UTF-8', 'process.stdout.write(Buffer.from(`{"fields":{"key":"\xe9"}}`, "latin1"))', 'not UTF-8'],
  ])('to a read that is %s is no empty slot', async (_what, script, reason) => {
    await expect((await thatRuns(script)).read(slot, writing())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining(reason),
    });
  });

  it('to a write that is no JSON proves nothing', async () => {
    const store = await thatRuns('process.stdout.write("done")');
    await expect(store.write(slot, NEW, undefined, writing())).rejects.toMatchObject({
      code: 'INDETERMINATE',
    });
  });

  it('to a write may say nothing', async () => {
    const store = await thatRuns('');
    expect(await store.write(slot, NEW, undefined, writing())).toEqual({ version: undefined });
  });

  it('is taken for the fields of the slot, those that are not empty', async () => {
    const store = await thatAnswers({
      fields: { user: '', key: 'k', other: 'o' },
      version: 7,
      updatedAt: 'once',
    });
    const stored = await store.read(slot, writing());
    expect([Object.keys(stored?.fields ?? {}), stored?.version, stored?.updatedAt]).toEqual([
      ['key'],
      '7',
      undefined,
    ]);
  });

  it('without a version gets one that tells whether the values changed, and gives none of them away', async () => {
    const versions: (string | undefined)[] = [];
    for (const key of ['a', 'a', 'b']) {
      const stored = await (await thatAnswers({ fields: { key } }, { compareAndSet: false })).read(
        slot,
        writing(),
      );
      versions.push(stored?.version);
    }
    expect(versions[0]).toMatch(/^\["empty","fp:[0-9a-f]{12}"\]$/);
    expect(versions[1]).toBe(versions[0]);
    expect(versions[2]).not.toBe(versions[0]);
  });
});

describe('a program that does not compare versions', () => {
  const careless = (): Promise<Store> => open({ compareAndSet: false, settings: { compares: false } });

  it('is looked at before a write, and preflight says that this is all', async () => {
    const store = await careless();
    const before = await store.read(slot, writing());
    await emulator.overwrite(slot, { key: 'theirs' });
    await expect(store.write(slot, NEW, before?.version, writing())).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await emulator.peek(slot)).toEqual({ user: 'me', key: 'theirs' });
    expect((await store.preflight(slot, writing())).cas).toBe(false);
  });

  it('is not written to when the slot has gone', async () => {
    const store = await careless();
    const attempt = store.write({ ...slot, ref: 'absent' }, NEW, '1', writing());
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(questions()).toEqual(['read']);
  });
});

describe('preflight', () => {
  it('shows what the program finds, beside what a read tells', async () => {
    emulator.find([
      { severity: 'warning', message: 'the lease ends today', hint: 'Renew it.' },
      { severity: 'error', code: 'LIMIT_REACHED', message: 'no room' },
    ]);
    const { findings } = await (await open()).preflight({ ...slot, fields: ['key', 'absent'] }, writing());
    const subject = 'store/apps/shop';
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'warning',
        code: 'NOT_FOUND',
        message: 'it has no value for absent',
      }),
      { severity: 'warning', code: 'REFUSED', subject, message: 'the lease ends today', hint: 'Renew it.' },
      { severity: 'error', code: 'LIMIT_REACHED', subject, message: 'no room' },
    ]);
  });

  it.each([
    [{}],
    [{ findings: [{ severity: 'bad', message: 'm' }] }],
    [{ findings: [{ severity: 'error' }] }],
  ])('takes %j for no clean answer', async (answer) => {
    const store = await thatAnswers({ fields: {}, version: '1', ...answer });
    await expect(store.preflight(slot, writing())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('who the program acts as', () => {
  it('is what it says', async () => {
    const identity = await (await open()).whoami(writing());
    expect(identity).toEqual({ display: 'deploy at the mainframe', attributes: { account: '42' } });
    const store = await thatAnswers({ display: 'x', attributes: { n: 1 } });
    await expect(store.whoami(writing())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is the user of this machine where it is not asked', async () => {
    const { attributes } = await (await open({ actions: ['read', 'write'] })).whoami(writing());
    expect(attributes['program']).toBe(process.execPath);
    expect(questions()).toEqual([]);
  });
});

describe('the config', () => {
  const accepts = async (options: unknown): Promise<boolean> =>
    (await plugin.options()).safeParse(options).success;

  it('needs read and write, and references for secrets', async () => {
    const base = { command: ['./store'], actions: ['read', 'write'] };
    expect(await accepts(base)).toBe(true);
    expect(await accepts({ ...base, actions: ['write', 'whoami'] })).toBe(false);
    expect(await accepts({ ...base, actions: ['read'] })).toBe(false);
    expect(await accepts({ ...base, secrets: { token: 'literal' } })).toBe(false);
    expect(await accepts({ ...base, command: ['./store', '{{value}}'] })).toBe(false);
  });

  it('is rehearsed with what it names and nothing else', async () => {
    const theirs = { command: ['./store'], actions: ['read', 'write'] };
    expect(emulator.options(theirs)).toMatchObject({ actions: ['read', 'write'], compareAndSet: false });
  });
});
