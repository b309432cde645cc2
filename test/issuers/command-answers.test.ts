import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { type CommandEmulator, startCommandEmulator } from '../../src/issuers/command/emulator.ts';
import { plugin } from '../../src/issuers/command/index.ts';
import { CALL, openIssuer, refusal } from './open-issuer.ts';

let emulator: CommandEmulator;
beforeEach(async () => {
  emulator = await startCommandEmulator();
});
afterEach(() => emulator.stop());

const open = (options: JsonObject = {}): Promise<Issuer> =>
  openIssuer(plugin, { ...emulator.options(), ...options }, { resolve: emulator.resolve });

/** An issuer whose program prints this whatever it is asked, and ends well. */
const thatAnswers = (answer: Json): Promise<Issuer> => {
  const script = `process.stdout.write(${JSON.stringify(JSON.stringify(answer))})`;
  return open({ command: [process.execPath, '-e', script] });
};
const KEY = { value: new Secret('a-key-of-the-program') };
const ID = { id: 'ck_1' };

describe('who a key acts as', () => {
  it.each([
    [{ id: 'account-42', display: 'Checkout' }, 'Checkout'],
    [{ id: 'account-42' }, 'account-42'],
    [{ id: 'account-42', display: '' }, 'account-42'],
    [{ id: 'account-42', display: 7 }, 'account-42'],
  ])('%j is shown as %s', async (answer, display) => {
    const issuer = await thatAnswers(answer);
    expect(await issuer.identify?.(KEY, CALL)).toEqual({ id: 'account-42', display });
  });

  it.each([{}, { id: '' }, { id: 42 }])('%j is nobody, and not a dead key', async (answer) => {
    const issuer = await thatAnswers(answer);
    const error = await refusal(Promise.resolve(issuer.identify?.(KEY, CALL)), 'UNAVAILABLE');
    expect(error.message).toContain('no text at id');
  });
});

describe('the list of keys', () => {
  const list = async (keys: Json): Promise<unknown> => (await thatAnswers({ keys })).listKeys?.(CALL);

  it('may leave out when a key was made and what it is called', async () => {
    const made = '2030-01-31T12:00:00Z';
    expect(
      await list([
        { id: 'a', status: 'active' },
        { id: 'b', status: 'inactive', createdAt: made, label: 'l' },
      ]),
    ).toEqual([
      { id: 'a', status: 'active' },
      { id: 'b', status: 'inactive', createdAt: made, label: 'l' },
    ]);
  });

  it.each([
    [{ 0: { id: 'a', status: 'active' } }, 'no list at keys'],
    [[null], 'no text at id'],
    [[{ status: 'active' }], 'no text at id'],
    [[{ id: 'a', status: 'enabled' }], 'neither active nor inactive'],
    [[{ id: 'a' }], 'neither active nor inactive'],
  ])('%j is not guessed at', async (keys, reason) => {
    expect((await refusal(list(keys), 'UNAVAILABLE')).message).toContain(reason);
  });
});

describe('a new key', () => {
  it('that is not UTF-8 is not taken for another one', async () => {
    const script = 'process.stdout.write(Buffer.from(`{"parts":{"value":"key-\xe9"}}`, "latin1"))';
    const issuer = await open({ command: [process.execPath, '-e', script] });
    const error = await refusal(issuer.createKey('label', CALL), 'INDETERMINATE');
    expect(error.message).toContain('not UTF-8');
  });
});

describe('the last use of a key', () => {
  const lastUsed = async (answer: Json): Promise<unknown> => (await thatAnswers(answer)).lastUsed?.(ID, CALL);

  it('is a time, in any zone, or an explicit never', async () => {
    expect(await lastUsed({ lastUsedAt: '2030-01-31T13:00:00+01:00' })).toEqual({
      lastUsedAt: '2030-01-31T12:00:00.000Z',
    });
    expect(await lastUsed({ lastUsedAt: null })).toEqual({ lastUsedAt: undefined });
  });

  it.each([{}, { lastUsedAt: '' }, { lastUsedAt: 'yesterday' }, { lastUsedAt: 1_896_091_200 }])(
    '%j does not say "never", which would open the gate',
    async (answer) => {
      expect((await refusal(lastUsed(answer), 'UNAVAILABLE')).message).toContain('neither a time nor null');
    },
  );
});

describe('a program', () => {
  it('that has nothing to say about a change may say nothing', async () => {
    const issuer = await open({ command: [process.execPath, '-e', ''] });
    await issuer.deactivateKey?.(ID, CALL);
    const error = await refusal(issuer.createKey('label', CALL), 'INDETERMINATE');
    expect(error.message).toContain('no text at parts.value');
  });

  it('that is killed leaves a question unanswered and a create unknown', async () => {
    const issuer = await open({ command: [process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")'] });
    const error = await refusal(Promise.resolve(issuer.listKeys?.(CALL)), 'UNAVAILABLE');
    expect(error.message).toContain('ended by a signal');
    await refusal(issuer.createKey('label', CALL), 'INDETERMINATE');
  });

  it('that fails without a word is told by its exit code, whatever it was about to answer', async () => {
    const script = 'console.log("half an answer"); process.exitCode = 12';
    const issuer = await open({ command: [process.execPath, '-e', script] });
    const error = await refusal(issuer.createKey('label', CALL), 'LIMIT_REACHED');
    expect(error.message).toMatch(/: exit code 12$/);
  });

  it('is quoted by its last line, without colours, and only from where answers do not go', async () => {
    const script =
      'console.log("an answer"); console.error("first\\n\\u001b[31mno such account\\u001b[0m"); process.exit(11)';
    const issuer = await open({ command: [process.execPath, '-e', script] });
    const error = await refusal(Promise.resolve(issuer.listKeys?.(CALL)), 'NOT_FOUND');
    expect(error.message).toMatch(/: exit code 11, no such account$/);
  });

  it('that denies a delete has not deleted: only an absent key is one', async () => {
    const issuer = await open();
    await emulator.trouble('delete', { before: true, exit: 13 });
    await refusal(Promise.resolve(issuer.deleteKey?.(ID, CALL)), 'PERMISSION_DENIED');
    await issuer.deleteKey?.(ID, CALL);
  });

  it('is not started once the stop was asked for', async () => {
    const issuer = await open();
    await refusal(issuer.createKey('label', { signal: AbortSignal.abort() }), 'ABORTED');
    expect(await emulator.runs()).toEqual([]);
  });
});

describe('the id of a key', () => {
  it('of which nothing is said is its fingerprint', async () => {
    const { keyId: _keyId, ...options } = emulator.options();
    const issuer = await openIssuer(plugin, { ...options, actions: ['create'] }, emulator);
    const issued = await issuer.createKey('label', CALL);
    expect(issued.id).toBe(issued.credential['value']?.fingerprint());
    // Neither a list to compare a quota with, nor an id that would be missing.
    expect(await issuer.preflight(issued.credential, CALL)).toEqual([]);
  });

  it('has to be a part there is', async () => {
    const schema = await plugin.options();
    const base = { command: ['./keys'], actions: ['create', 'delete'] };
    expect(schema.safeParse({ ...base, keyId: { part: 'name' } }).success).toBe(false);
    expect(schema.safeParse({ ...base, keyId: { part: 'value', pattern: '(' } }).success).toBe(false);
    expect(schema.safeParse({ ...base, parts: {}, keyId: { part: 'value' } }).success).toBe(false);
    expect(schema.safeParse({ ...base, actions: ['create', 'activate'] }).success).toBe(false);
  });
});

describe('a rehearsal with the parts of the user’s own config', () => {
  const rehearsed = async (original: JsonObject) => {
    const options = emulator.options({ command: ['./keys'], actions: ['create'], ...original });
    return openIssuer(plugin, options, emulator);
  };

  it('makes each of them, and finds the id in its own', async () => {
    const parts = { keyName: {}, login: {}, password: {} };
    const issuer = await rehearsed({ parts, keyId: { part: 'keyName' } });
    const old = await emulator.issue();
    const issued = await issuer.createKey('label', CALL);
    for (const key of [old, issued]) {
      expect(Object.keys(key.credential)).toEqual(Object.keys(parts));
      expect(issuer.keyIdOf(key.credential)).toBe(key.id);
      expect(await emulator.isLive(key.credential)).toBe(true);
    }
    await issuer.deactivateKey?.({ id: issued.id }, CALL);
    expect(await emulator.isLive(issued.credential)).toBe(false);
  });

  it.each([
    {},
    { keyId: { part: 'value' } },
    { parts: { token: {} }, keyId: { part: 'token', pattern: '^(.{4})' } },
  ])('keeps secret and id in one part where there is but one: %j', async (original) => {
    const issuer = await rehearsed(original);
    const issued = await issuer.createKey('label', CALL);
    expect(Object.keys(issued.credential)).toHaveLength(1);
    expect(issuer.keyIdOf(issued.credential)).toBe(issued.id);
    expect(await emulator.isLive(issued.credential)).toBe(true);
  });
});
