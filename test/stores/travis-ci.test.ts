import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fields } from '../../src/core/credential.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store } from '../../src/core/plugins/store.ts';
import { redactor } from '../../src/lib/redactor.ts';
import { startTravisEmulator, type TravisEmulator } from '../../src/stores/travis-ci/emulator.ts';
import { plugin } from '../../src/stores/travis-ci/index.ts';
import { travisError } from '../../src/stores/travis-ci/travis-error.ts';
import { failure } from '../support/failure.ts';
import { openStore, restorationOf } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

const ref = 'acme/checkout';
const ctx = writing();
const slot = (...fields: string[]): Slot => ({ ref, fields });
const value = (): string => randomBytes(16).toString('hex');

let emulator: TravisEmulator;
let store: Store;
let token: string | undefined;
beforeEach(async () => {
  emulator = await startTravisEmulator();
  token = undefined;
  store = await open();
});
afterEach(async () => {
  await store.close?.();
  await emulator.stop();
});

const open = (original?: JsonObject): Promise<Store> =>
  openStore(plugin, emulator.options(original), (reference) => token ?? emulator.resolve(reference));

const write = (place: Slot, values: Fields<string>): Promise<unknown> =>
  store.write(place, secretsOf(values), undefined, ctx);

async function errors(place: Slot): Promise<readonly Finding[]> {
  const { findings } = await store.preflight(place, ctx);
  return findings.filter(({ severity }) => severity === 'error');
}

/** A variable as somebody has made it. */
async function given(wanted: { name: string; branch?: string; public?: boolean }): Promise<void> {
  const repository = emulator.repositories.find(ref) ?? emulator.repositories.make(ref);
  emulator.repositories.add(repository, { value: value(), public: false, branch: null, ...wanted });
}

const variables = () =>
  (emulator.repositories.find(ref)?.vars ?? []).map(
    (each) => `${each.name}@${each.branch ?? '*'} ${each.public}`,
  );

describe('variables of one name and several branches', () => {
  beforeEach(async () => {
    await given({ name: 'KEY' });
    await given({ name: 'KEY', branch: 'release/2' });
  });

  it('are written each by its own field, and no other', async () => {
    const place = slot('KEY@release/2');
    const all = slot('KEY@*');
    const before = await emulator.peek(all);
    const next = value();
    expect(await errors(place)).toEqual([]);
    await write(place, { 'KEY@release/2': next });
    expect(await emulator.peek(place)).toEqual({ 'KEY@release/2': next });
    expect(await emulator.peek(all)).toEqual(before);
  });

  it('are refused when it is not said which, so that none keeps the old key unseen', async () => {
    const [error] = await errors(slot('KEY'));
    expect(error?.code).toBe('CONFLICT');
    expect(error?.message).toContain('KEY@*, KEY@release/2');
    expect((await failure(write(slot('KEY'), { KEY: value() }))).code).toBe('CONFLICT');
    expect(emulator.effects()).toBe(0);
  });

  it('are told when one is asked for that is not there', async () => {
    const [error] = await errors(slot('KEY@main'));
    expect(error?.code).toBe('NOT_FOUND');
    expect(error?.message).toContain('KEY@release/2');
  });

  it('keep name, branch and flag', async () => {
    const before = variables().sort();
    await write(slot('KEY@*', 'KEY@release/2'), { 'KEY@*': value(), 'KEY@release/2': value() });
    expect(variables().sort()).toEqual(before);
  });
});

it('finds the only variable of a name whatever its branch', async () => {
  await given({ name: 'KEY', branch: 'main' });
  const next = value();
  await write(slot('KEY'), { KEY: next });
  expect(await emulator.peek(slot('KEY@main'))).toEqual({ 'KEY@main': next });
});

it('does not take the same variable for two', async () => {
  await given({ name: 'KEY' });
  expect((await errors(slot('KEY', 'KEY@*'))).map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'REFUSED: two of its fields are the same variable',
  ]);
  const error = await failure(write(slot('KEY', 'KEY@*'), { KEY: value(), 'KEY@*': value() }));
  expect(error.code).toBe('REFUSED');
  expect(emulator.effects()).toBe(0);
});

it('refuses a public variable, in preflight and again at the write', async () => {
  await given({ name: 'KEY', public: true });
  const [error] = await errors(slot('KEY'));
  expect(error).toMatchObject({ code: 'REFUSED', message: expect.stringContaining('public') });
  expect((await failure(write(slot('KEY'), { KEY: value() }))).code).toBe('REFUSED');
  expect(emulator.effects()).toBe(0);
});

it('writes a public variable, which stays public, where the config says that it holds no secret', async () => {
  await given({ name: 'KEY_ID', public: true, branch: 'main' });
  await given({ name: 'KEY_SECRET' });
  store = await open({ shown: ['KEY_ID'] });
  const pair = slot('KEY_ID@main', 'KEY_SECRET');
  expect(await errors(pair)).toEqual([]);
  const next = { 'KEY_ID@main': value(), KEY_SECRET: value() };
  await write(pair, next);
  expect(await emulator.peek(pair)).toEqual(next);
  expect(variables()).toEqual(['KEY_ID@main true', 'KEY_SECRET@* false']);
});

it('puts nothing back over a pair whose public half is somebody else’s by now', async () => {
  await given({ name: 'KEY_ID', public: true });
  await given({ name: 'KEY_SECRET' });
  store = await open({ shown: ['KEY_ID'] });
  const pair = slot('KEY_ID', 'KEY_SECRET');
  const old = { KEY_ID: 'old id', KEY_SECRET: value() };
  const next = { KEY_ID: 'new id', KEY_SECRET: value() };
  await write(pair, next);
  await emulator.overwrite(slot('KEY_ID'), { KEY_ID: 'theirs' });
  const wish = restorationOf({ values: secretsOf(old), pushed: secretsOf(next) });
  expect((await failure(store.restore(pair, wish, ctx))).code).toBe('DRIFT');
  expect(await emulator.peek(slot('KEY_SECRET'))).toEqual({ KEY_SECRET: next.KEY_SECRET });

  await write(slot('KEY_ID'), { KEY_ID: next.KEY_ID });
  await store.restore(pair, wish, ctx);
  expect(await emulator.peek(pair)).toEqual(old);
});

it('does not believe a write after which the variable is public', async () => {
  await given({ name: 'KEY' });
  const replace = emulator.repositories.replace;
  emulator.repositories.replace = (repository, changed) => replace(repository, { ...changed, public: true });
  const error = await failure(write(slot('KEY'), { KEY: value() }));
  expect(error.code).toBe('INDETERMINATE');
});

it('writes to one repository one variable at a time', async () => {
  const names = ['A', 'B', 'C', 'D'];
  for (const name of names) await given({ name });
  await Promise.all(names.map((name) => write(slot(name), { [name]: value() })));
  const asked = emulator.server.requests.map(({ method }) => method);
  expect(asked).toEqual(names.flatMap(() => ['GET', 'PATCH', 'GET']));
});

it('notices a variable that somebody else’s change has swallowed', async () => {
  await given({ name: 'KEY' });
  emulator.server.onWrite((moment) => {
    const repository = emulator.repositories.find(ref);
    if (moment === 'after' && repository !== undefined) repository.vars = [];
  });
  const error = await failure(write(slot('KEY'), { KEY: value() }));
  expect(error.code).toBe('INDETERMINATE');
  expect(error.message).toContain('KEY@* is gone');
});

it('does not promise that nothing happened when the look behind a write fails', async () => {
  await given({ name: 'KEY' });
  emulator.server.onWrite((moment) => {
    if (moment === 'after') emulator.inject?.({ kind: 'status', status: 503, on: 'read' });
  });
  expect((await failure(write(slot('KEY'), { KEY: value() }))).code).toBe('INDETERMINATE');
});

it.each(['it\'s $HOME; `id` & "more" \\ #1', 'a b', '~/x', '*'])(
  'brings %s to the build as it is',
  async (text) => {
    await given({ name: 'KEY' });
    await write(slot('KEY'), { KEY: text });
    expect(await emulator.peek(slot('KEY'))).toEqual({ KEY: text });
  },
);

it('has the value redacted in the form it is sent in, too', async () => {
  await given({ name: 'KEY' });
  const text = `${value()}'${value()}`;
  await write(slot('KEY'), { KEY: text });
  const sent = emulator.repositories.find(ref)?.vars[0]?.value ?? '';
  expect(sent).not.toContain(text);
  expect(redactor.redact(`no: ${sent}`)).toBe('no: [redacted]');
});

it('leaves an ordinary key without quotes', async () => {
  await given({ name: 'KEY' });
  await write(slot('KEY'), { KEY: 'sk-Az09._/+=-' });
  expect(emulator.repositories.find(ref)?.vars[0]?.value).toBe('sk-Az09._/+=-');
});

it('says in preflight that the user may only read', async () => {
  await given({ name: 'KEY' });
  emulator.makeReadOnly();
  expect((await errors(slot('KEY'))).map(({ code }) => code)).toEqual(['PERMISSION_DENIED']);
});

it('knows a dead token by its 403', async () => {
  token = 'not-this-one';
  store = await open();
  expect((await failure(store.whoami(ctx))).code).toBe('UNAUTHENTICATED');
});

it.each(['acme', 'acme/checkout/main', 'https://travis-ci.com/acme/checkout'])(
  'says that %s is no repository',
  async (no) => {
    expect((await errors({ ...slot('KEY'), ref: no })).map(({ code }) => code)).toEqual(['CONFIG_INVALID']);
  },
);

it.each(['constructor', 'toString', 'something_new'])(
  'goes by the status of an error whose type %s it does not know',
  (type) => {
    const body = JSON.stringify({ '@type': 'error', error_type: type, error_message: 'no' });
    const about = { subject: 'travis', action: 'write the variable', effect: 'write' } as const;
    expect(travisError({ status: 422, headers: {}, body }, about).code).toBe('REFUSED');
  },
);
