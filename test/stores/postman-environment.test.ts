import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fields } from '../../src/core/credential.ts';
import type { Slot, Store } from '../../src/core/plugins/store.ts';
import { problem } from '../../src/stores/postman-environment/emulated-answers.ts';
import type {
  EmulatedEnvironment,
  EmulatedVariable,
} from '../../src/stores/postman-environment/emulated-environment.ts';
import {
  type PostmanEnvironmentEmulator,
  startPostmanEnvironmentEmulator,
} from '../../src/stores/postman-environment/emulator.ts';
import { plugin } from '../../src/stores/postman-environment/index.ts';
import { openStore } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

let postman: PostmanEnvironmentEmulator;
let store: Store;
let environment: EmulatedEnvironment;
const slot: Slot = { ref: '12345678-5daabc50-8451-43f6-922d-96b403b4f28e', fields: ['apiKey'] };
const pair: Slot = { ...slot, fields: ['apiKey', 'apiSecret'] };
const ctx = writing();
const fresh = (): string => `value-${randomBytes(12).toString('hex')}`;

beforeEach(async () => {
  postman = await startPostmanEnvironmentEmulator();
  store = await openStore(plugin, postman.options(), postman.resolve);
  await postman.seed(pair, { apiKey: fresh(), apiSecret: fresh() });
  const seeded = postman.environments.get(slot.ref);
  if (seeded === undefined) throw new Error('it was seeded');
  environment = seeded;
});
afterEach(async () => {
  await store.close?.();
  await postman.stop();
});

const write = (to: Slot, values: Fields<string>): Promise<unknown> =>
  store.write(to, secretsOf(values), undefined, ctx);
const variable = (key: string): EmulatedVariable => {
  const found = environment.values.find((each) => each.key === key);
  if (found === undefined) throw new Error(`no variable ${key}`);
  return found;
};
/** Somebody in the web page, right before our write is carried out. */
const meanwhile = (change: () => void): void =>
  postman.server.onWrite((moment) => {
    if (moment !== 'before') return;
    postman.server.onWrite(undefined);
    change();
  });

describe('a write', () => {
  it('is one patch of the values alone: a secret stays one, and what describes it stays', async () => {
    Object.assign(variable('apiKey'), { description: 'of the payments team' });
    const [apiKey, apiSecret] = [fresh(), fresh()];
    await write(pair, { apiKey, apiSecret });
    expect(variable('apiKey')).toEqual({
      key: 'apiKey',
      value: apiKey,
      enabled: true,
      type: 'secret',
      description: 'of the payments team',
    });
    const patches = postman.server.requests.filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ body }) => JSON.parse(body))).toEqual([
      [
        { op: 'replace', path: '/values/3/value', value: apiKey },
        { op: 'replace', path: '/values/4/value', value: apiSecret },
      ],
    ]);
  });

  it('to a list that somebody shortens at the same moment puts the neighbour right, and is a conflict', async () => {
    const [old, other] = [variable('apiKey').value, variable('apiSecret').value];
    meanwhile(() => environment.values.shift());
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('`apiSecret`'),
    });
    expect([variable('apiKey').value, variable('apiSecret').value]).toEqual([old, other]);
  });

  it('finds the neighbour also where the list has moved on once more before it looks', async () => {
    const other = variable('apiSecret').value;
    const first = environment.values[0];
    if (first === undefined) throw new Error('it was seeded');
    postman.server.onWrite((moment) => {
      if (moment === 'before') environment.values.shift();
      else environment.values.unshift(first);
      if (moment === 'after') postman.server.onWrite(undefined);
    });
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(variable('apiSecret').value).toBe(other);
  });

  it('that half of a pair missed is not called a conflict: a look has to tell', async () => {
    const [before, between, after] = [fresh(), fresh(), fresh()];
    const values = [before, between, after].map(
      (value, index): EmulatedVariable => ({ key: `k${index}`, value, enabled: true, type: 'secret' }),
    );
    environment.values = values;
    meanwhile(() => values.splice(2, 0, { key: 'new', value: '', enabled: true, type: 'default' }));
    const ours: Slot = { ...slot, fields: ['k0', 'k2'] };
    await expect(write(ours, { k0: fresh(), k2: fresh() })).rejects.toMatchObject({
      code: 'INDETERMINATE',
      message: expect.stringMatching(/`new`.*by hand/),
    });
  });

  it('puts the neighbour right also when its answer is lost', async () => {
    const other = variable('apiSecret').value;
    meanwhile(() => environment.values.shift());
    void postman.inject?.({ on: 'write', kind: 'lost-answer' });
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({ code: 'INDETERMINATE' });
    expect(variable('apiSecret').value).toBe(other);
  });

  it('whose neighbour could not be put right is for a person: sent again, it would leave it as it is', async () => {
    meanwhile(() => {
      environment.values.shift();
      void postman.inject?.({ on: 'write', kind: 'status', status: 429 });
    });
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({
      code: 'INDETERMINATE',
      retryable: false,
      message: expect.stringMatching(/`apiSecret`.*by hand/),
    });
  });

  it('does not take a neighbour that held the same value all along for one that was hit', async () => {
    const apiKey = fresh();
    variable('apiSecret').value = apiKey;
    postman.server.onWrite((moment) => {
      if (moment === 'after') environment.values.shift();
    });
    await write(slot, { apiKey });
    expect([variable('apiKey').value, variable('apiSecret').value]).toEqual([apiKey, apiKey]);
  });

  it('that cannot be looked at afterwards is INDETERMINATE', async () => {
    postman.server.onWrite((moment) => {
      if (moment === 'after') void postman.inject?.({ on: 'read', kind: 'cut' });
    });
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });

  it('refuses half a character', async () => {
    await expect(write(slot, { apiKey: `${fresh()}\ud800` })).rejects.toMatchObject({ code: 'REFUSED' });
    expect(postman.effects()).toBe(0);
  });
});

describe('preflight', () => {
  const look = async (...fields: string[]): Promise<readonly string[]> =>
    (await store.preflight({ ...slot, fields }, ctx)).findings.map(
      ({ severity, code }) => `${severity} ${code}`,
    );

  it('is content with a secret that is shared and switched on', async () => {
    expect(await look('apiKey', 'apiSecret')).toEqual([]);
  });

  it.each<[string, () => void, string]>([
    ['an environment that is public', () => Object.assign(environment, { isPublic: true }), 'error REFUSED'],
    [
      'two variables of one name',
      () => environment.values.push({ ...variable('apiKey'), value: 'x' }),
      'error REFUSED',
    ],
    [
      'a value from the Vault',
      () => Object.assign(variable('apiKey'), { value: '', secret: true, source: { provider: 'postman' } }),
      'error REFUSED',
    ],
    [
      'a variable that is switched off',
      () => Object.assign(variable('apiKey'), { enabled: false }),
      'warning REFUSED',
    ],
    [
      'a value that is not masked',
      () => Object.assign(variable('apiKey'), { type: 'default' }),
      'info REFUSED',
    ],
  ])('sees %s', async (_what, change, finding) => {
    change();
    expect(await look('apiKey')).toEqual([finding]);
    if (finding.startsWith('error') && !environment.isPublic)
      await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('sees a variable without a shared value, to which nothing could be put back', async () => {
    Object.assign(variable('apiKey'), { value: '' });
    expect(await look('apiKey')).toEqual(['error NOT_FOUND']);
  });

  it('wants the name of a variable', async () => {
    expect(await look('')).toEqual(['error CONFIG_INVALID']);
  });
});

describe('a refusal', () => {
  it('tells a key that may not edit from one that is dead', async () => {
    postman.refuseWrites(problem(401, 'You are not authorized to perform this action.'));
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    postman.refuseWrites(problem(401, 'A valid API key must be provided in the request header.'));
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: expect.stringContaining('rotated'),
    });
  });

  it('tells a used-up month from a minute too full', async () => {
    const body = JSON.stringify({
      error: { name: 'serviceLimitExhausted', message: 'Service limit exhausted.' },
    });
    postman.refuseWrites({ status: 429, headers: { 'content-type': 'application/json' }, body });
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
    postman.refuseWrites({ ...problem(429), headers: { 'x-ratelimit-retryafter': '7' } });
    await expect(write(slot, { apiKey: fresh() })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      context: { retryAfter: 7 },
    });
  });
});

describe('a restore', () => {
  it('completes half a pair, and writes only what is missing', async () => {
    const old = { apiKey: variable('apiKey').value, apiSecret: fresh() };
    const pushed = { apiKey: fresh(), apiSecret: variable('apiSecret').value };
    await store.restore(
      pair,
      { before: undefined, values: secretsOf(old), receipt: undefined, pushed: secretsOf(pushed) },
      ctx,
    );
    expect(await postman.peek(pair)).toEqual(old);
    const last = postman.server.requests.findLast(({ method }) => method === 'PATCH');
    expect(JSON.parse(last?.body ?? '')).toHaveLength(1);
  });
});

it('says who it acts as, so that `expect` can refuse another team', async () => {
  expect(await store.whoami(ctx)).toEqual({
    display: 'ci in team example',
    attributes: { userId: '12345678', username: 'ci', teamId: '4711', teamDomain: 'example' },
  });
});
