import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fields } from '../../src/core/credential.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Restoration, Slot, Store } from '../../src/core/plugins/store.ts';
import type { CircleciClient } from '../../src/lib/circleci/circleci-client.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { type CircleciEmulator, startCircleciEmulator } from '../../src/stores/circleci/emulator.ts';
import { plugin } from '../../src/stores/circleci/index.ts';
import { projectVariables } from '../../src/stores/circleci/project-variables.ts';
import { storedSecret } from '../../src/stores/circleci/stored-secret.ts';
import { failure } from '../support/failure.ts';
import { openStore } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

const PROJECT: Slot = { ref: 'projects/gh/acme/checkout', fields: ['API_KEY'] };
const PAIR: Slot = { ref: 'contexts/deploy', fields: ['KEY_ID', 'KEY_SECRET'] };
const ctx = writing();

let emulator: CircleciEmulator;
let store: Store;
beforeEach(async () => {
  emulator = await startCircleciEmulator();
  store = await open();
});
afterEach(async () => {
  await store.close?.();
  await emulator.stop();
});

const open = (changes: JsonObject = {}): Promise<Store> =>
  openStore(plugin, { ...emulator.options(), ...changes }, emulator.resolve);

const fresh = (slot: Slot): Fields<string> =>
  Object.fromEntries(slot.fields.map((field) => [field, randomBytes(16).toString('hex')]));

async function errors(slot: Slot, of = store): Promise<readonly string[]> {
  const { findings } = await of.preflight(slot, ctx);
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

describe('a context', () => {
  it('is found by its name, on whichever page of the list it is', async () => {
    for (const name of ['a', 'b', 'c', 'd'])
      await emulator.seed({ ref: `contexts/${name}`, fields: ['X'] }, { X: 'x' });
    await emulator.seed(PAIR, fresh(PAIR));
    const values = fresh(PAIR);
    await store.write(PAIR, secretsOf(values), undefined, ctx);
    expect(await emulator.peek(PAIR)).toEqual(values);
  });

  it('is found by its id without an organization', async () => {
    const slot = { ...PAIR, ref: `contexts/${randomUUID()}` };
    await emulator.seed(slot, fresh(slot));
    const bare = await open({ organization: undefined });
    const values = fresh(slot);
    await bare.write(slot, secretsOf(values), undefined, ctx);
    expect(await emulator.peek(slot)).toEqual(values);
    await bare.close?.();
  });

  it('cannot be called by name when nobody says whose it is', async () => {
    await emulator.seed(PAIR, fresh(PAIR));
    const bare = await open({ organization: undefined });
    expect(await errors(PAIR, bare)).toEqual(['CONFIG_INVALID']);
    await bare.close?.();
  });

  it('shows by its time that each of a pair was written', async () => {
    await emulator.seed(PAIR, fresh(PAIR));
    const before = await store.read(PAIR, ctx);
    await emulator.overwrite(PAIR, { KEY_SECRET: fresh(PAIR)['KEY_SECRET'] ?? '' });
    const after = await store.read(PAIR, ctx);
    expect(after?.version).not.toBe(before?.version);
    expect(Date.parse(after?.updatedAt ?? '')).toBeGreaterThan(Date.parse(before?.updatedAt ?? ''));
  });

  it('of a server that tells no times claims no proof', async () => {
    await emulator.seed(PAIR, fresh(PAIR));
    emulator.withoutTimes();
    const { evidence, findings } = await store.preflight(PAIR, ctx);
    expect(evidence).toBe('none');
    expect(findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      expect.stringMatching(/^warning: .*not proved/),
      expect.stringMatching(/^warning: .*not proved/),
    ]);
    expect(await store.read(PAIR, ctx)).toEqual({ fields: {}, version: undefined });
  });

  it('goes on after a pair was written by half', async () => {
    await emulator.seed(PAIR, fresh(PAIR));
    const values = fresh(PAIR);
    emulator.server.onWrite((moment) => {
      if (moment !== 'after') return;
      emulator.server.onWrite(undefined);
      emulator.inject?.({ kind: 'status', status: 503, on: 'write' });
    });
    const error = await failure(store.write(PAIR, secretsOf(values), undefined, ctx));
    expect(error.code).toBe('INDETERMINATE');
    await store.write(PAIR, secretsOf(values), undefined, ctx);
    expect(await emulator.peek(PAIR)).toEqual(values);
  });
});

describe('a project', () => {
  it('shows an overwritten variable even where it keeps its time', async () => {
    await emulator.seed(PROJECT, { API_KEY: 'one-value-that-ends-in-aaaa' });
    const before = await store.read(PROJECT, ctx);
    const place = emulator.places.find('project', 'gh/acme/checkout');
    const variable = place?.variables.get('API_KEY');
    if (variable === undefined) throw new Error('it was seeded');
    place?.variables.set('API_KEY', { ...variable, value: 'another-one-that-ends-in-bbbb' });
    const after = await store.read(PROJECT, ctx);
    expect(after?.version).not.toBe(before?.version);
    expect(after?.version).not.toContain('bbbb');
  });

  it('is not believed when it shows a value with another end', async () => {
    await emulator.seed(PROJECT, fresh(PROJECT));
    const set = emulator.places.set;
    emulator.places.set = (place, name, value) => set(place, name, `${value}-cut`);
    expect((await failure(store.write(PROJECT, secretsOf(fresh(PROJECT)), undefined, ctx))).code).toBe(
      'INDETERMINATE',
    );
  });

  it.each([
    ['#joda/inst 2023-04-14T21:20:14+0000', '2023-04-14T21:20:14.000Z'],
    ['2023-04-14T21:20:14.123Z', '2023-04-14T21:20:14.123Z'],
    ['yesterday', undefined],
    [undefined, undefined],
  ])('that says %s of a variable has it from %s', async (told, updatedAt) => {
    const item = { name: 'API_KEY', value: 'xxxx1234', 'created-at': told };
    const client: Pick<CircleciClient, 'ask'> = { ask: async () => ({ items: [item] }) };
    const api = projectVariables(client as CircleciClient, 'gh/acme/checkout', 'store');
    const facts = (await api.list(ctx.signal))?.get('API_KEY');
    expect(facts?.updatedAt).toBe(updatedAt);
    expect(facts?.stamp).toBeDefined();
  });

  it('gets no variable it did not have', async () => {
    await emulator.seed(PROJECT, fresh(PROJECT));
    const other = { ...PROJECT, fields: ['API_KEY', 'NOT_THERE'] };
    expect(await errors(other)).toEqual(['NOT_FOUND']);
    expect((await failure(store.write(other, secretsOf(fresh(other)), undefined, ctx))).code).toBe(
      'NOT_FOUND',
    );
    expect(emulator.effects()).toBe(0);
  });
});

it.each(['abc', 'true', 'FALSE'])(
  'refuses %s, which CircleCI would show in the output of jobs',
  async (value) => {
    await emulator.seed(PROJECT, fresh(PROJECT));
    expect((await failure(store.write(PROJECT, secretsOf({ API_KEY: value }), undefined, ctx))).code).toBe(
      'REFUSED',
    );
    expect(emulator.effects()).toBe(0);
  },
);

it.each([
  'gh/acme/checkout',
  'projects/acme/checkout',
  'projects/gh/acme/..',
  'contexts/',
  'projects/gh/acme/a/b',
])('says that %s is no place', async (ref) => {
  expect(await errors({ ...PROJECT, ref })).toEqual(['CONFIG_INVALID']);
});

it.each(['', '1ST', 'WITH-DASH'])('says that %j is no name of a variable', async (field) => {
  await emulator.seed(PROJECT, fresh(PROJECT));
  expect(await errors({ ...PROJECT, fields: [field] })).toEqual(['REFUSED']);
});

it('takes the stamp of one of a pair for no word on the other', () => {
  const stamped = { stamp: '2026-03-01T09:00:00Z', updatedAt: '2026-03-01T09:00:00Z' };
  const silent = { stamp: undefined, updatedAt: undefined };
  const pair = new Map(Object.entries({ KEY_ID: stamped, KEY_SECRET: silent }));
  expect(storedSecret(PAIR, pair)?.version).toBeUndefined();
});

it('does not restore what it does not know', async () => {
  await emulator.seed(PROJECT, fresh(PROJECT));
  const unknown: Restoration = { before: undefined, values: undefined, receipt: undefined, pushed: {} };
  expect((await failure(store.restore(PROJECT, unknown, ctx))).code).toBe('REFUSED');
});

it('says which user the token is of, for `expect`', async () => {
  const { attributes } = await store.whoami(ctx);
  expect(attributes['login']).toBe('rotation-robot');
});

it.each([401, 404])('does not take the %i of a proxy for an answer of CircleCI', async (status) => {
  const proxy = await startLoopbackServer({
    isWrite: () => false,
    handle: () => ({ status, headers: { 'content-type': 'text/html' }, body: '<h1>Not here</h1>' }),
  });
  const behind = await open({ address: proxy.url });
  expect((await failure(behind.read(PROJECT, ctx))).code).toBe('UNAVAILABLE');
  await behind.close?.();
  await proxy.stop();
});
