import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fields } from '../../src/core/credential.ts';
import type { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store } from '../../src/core/plugins/store.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import {
  type BitbucketEmulator,
  startBitbucketEmulator,
} from '../../src/stores/bitbucket-pipelines/emulator.ts';
import { plugin } from '../../src/stores/bitbucket-pipelines/index.ts';
import { failure } from '../support/failure.ts';
import { openStore, restorationOf } from './support/open-store.ts';
import { secretsOf, writing } from './support/writes.ts';

const REPO = 'repositories/acme/checkout';
const KEY: Slot = { ref: REPO, fields: ['API_KEY'] };
const ctx = writing();

let emulator: BitbucketEmulator;
let store: Store;
beforeEach(async () => {
  emulator = await startBitbucketEmulator();
  store = await open();
});
afterEach(async () => {
  await store.close?.();
  await emulator.stop();
});

const open = (original?: JsonObject): Promise<Store> =>
  openStore(plugin, emulator.options(original), emulator.resolve);

const random = (): string => randomBytes(12).toString('hex');
const write = (slot: Slot, values: Fields<string>): Promise<unknown> =>
  store.write(slot, secretsOf(values), undefined, ctx);
const held = (key: string, ref = REPO) => emulator.places.find(ref)?.find((each) => each.key === key);

async function refusal(attempt: Promise<unknown>, code: string): Promise<RotationError> {
  const error = await failure(attempt);
  expect(error.code, error.message).toBe(code);
  return error;
}

async function errors(slot: Slot): Promise<readonly string[]> {
  const { findings } = await store.preflight(slot, ctx);
  return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('places', () => {
  it.each([REPO, 'workspaces/acme', 'deployments/acme/checkout/Production', 'deployments/acme/checkout/a/b'])(
    'writes to %s',
    async (ref) => {
      const slot = { ref, fields: ['API_KEY'] };
      await emulator.seed(slot, { API_KEY: random() });
      const next = random();
      await write(slot, { API_KEY: next });
      expect(held('API_KEY', ref)).toMatchObject({ value: next, secured: true });
    },
  );

  it('takes the same key of three places for three variables', async () => {
    const refs = [REPO, 'workspaces/acme', 'deployments/acme/checkout/test'];
    for (const ref of refs) emulator.places.set(ref, 'API_KEY', `old in ${ref}`);
    await write({ ref: 'workspaces/acme', fields: ['API_KEY'] }, { API_KEY: 'new' });
    expect(refs.map((ref) => held('API_KEY', ref)?.value)).toEqual([
      `old in ${REPO}`,
      'new',
      'old in deployments/acme/checkout/test',
    ]);
  });

  it('says which environments there are when the one that is meant is not', async () => {
    emulator.places.set('deployments/acme/checkout/Staging', 'API_KEY', random());
    emulator.places.set('deployments/acme/checkout/Production', 'API_KEY', random());
    const slot = { ref: 'deployments/acme/checkout/production', fields: ['API_KEY'] };
    expect(await errors(slot)).toEqual([expect.stringMatching(/^error NOT_FOUND: .*Staging, Production$/)]);
    expect(await store.read(slot, ctx)).toBeUndefined();
  });

  it('stays with the environment it has found, whoever takes its name meanwhile', async () => {
    const slot = { ref: 'deployments/acme/checkout/Production', fields: ['API_KEY'] };
    await emulator.seed(slot, { API_KEY: random() });
    await store.read(slot, ctx);
    await store.read(slot, ctx);
    const lookups = emulator.server.requests.filter(({ path }) => path.endsWith('/environments'));
    expect(lookups).toHaveLength(1);
  });

  it.each([
    'acme/checkout',
    'repositories/acme',
    'repositories/acme/..',
    'deployments/acme/checkout',
    'workspaces/',
  ])('refuses %s as a ref', async (ref) => {
    await refusal(store.read({ ref, fields: ['API_KEY'] }, ctx), 'CONFIG_INVALID');
    expect(emulator.server.requests).toEqual([]);
  });
});

describe('lists', () => {
  it('finds a variable behind the first page, and follows `next` to our own address alone', async () => {
    for (let n = 0; n < 230; n += 1) emulator.places.set(REPO, `V${n}`, random());
    const slot = { ref: REPO, fields: ['V229'] };
    expect(await errors(slot)).toEqual([]);
    const next = random();
    await write(slot, { V229: next });
    expect(held('V229')?.value).toBe(next);
    const pages = emulator.server.requests.map(({ query }) => query.get('page'));
    expect(pages.slice(0, 3)).toEqual([null, '2', '3']);
  });
});

describe('variables that are not secured', () => {
  it('are an error of preflight, and are not written', async () => {
    emulator.places.set(REPO, 'API_KEY', 'shown', false);
    expect(await errors(KEY)).toEqual([expect.stringMatching(/^error REFUSED: API_KEY is not secured/)]);
    await refusal(write(KEY, { API_KEY: random() }), 'REFUSED');
    expect(held('API_KEY')?.value).toBe('shown');
  });

  it('stop a pair before the secured half of it is written', async () => {
    emulator.places.set(REPO, 'KEY_ID', 'old-id');
    emulator.places.set(REPO, 'KEY_SECRET', 'shown', false);
    await refusal(
      write({ ref: REPO, fields: ['KEY_ID', 'KEY_SECRET'] }, { KEY_ID: random(), KEY_SECRET: random() }),
      'REFUSED',
    );
    expect(held('KEY_ID')?.value).toBe('old-id');
  });

  it('are written, and stay shown, where the config says that they hold no secret', async () => {
    const pair = { ref: REPO, fields: ['KEY_ID', 'KEY_SECRET'] };
    emulator.places.set(REPO, 'KEY_ID', 'old-id', false);
    emulator.places.set(REPO, 'KEY_SECRET', random());
    store = await open({ shown: ['KEY_ID'] });
    expect(await errors(pair)).toEqual([]);
    const next = { KEY_ID: random(), KEY_SECRET: random() };
    await write(pair, next);
    expect(held('KEY_ID')).toMatchObject({ value: next.KEY_ID, secured: false });
    expect(held('KEY_SECRET')).toMatchObject({ value: next.KEY_SECRET, secured: true });

    // The word of the config is for that one name.
    emulator.places.set(REPO, 'KEY_SECRET', 'shown', false);
    await refusal(write(pair, next), 'REFUSED');
  });
});

describe('writing', () => {
  it('makes no variable that is not there', async () => {
    emulator.places.set(REPO, 'OTHER', random());
    await refusal(write(KEY, { API_KEY: random() }), 'NOT_FOUND');
    expect(held('API_KEY')).toBeUndefined();
  });

  it('is INDETERMINATE when the second of a pair fails after the first', async () => {
    const pair = { ref: REPO, fields: ['KEY_ID', 'KEY_SECRET'] };
    await emulator.seed(pair, { KEY_ID: random(), KEY_SECRET: random() });
    let writes = 0;
    emulator.server.onWrite(() => {
      writes += 1;
      if (writes === 2) emulator.places.find(REPO)?.splice(0);
    });
    await refusal(write(pair, { KEY_ID: random(), KEY_SECRET: random() }), 'INDETERMINATE');
  });

  it('waits a minute when Bitbucket does not say for how long', async () => {
    await emulator.seed(KEY, { API_KEY: random() });
    void emulator.inject?.({ kind: 'status', status: 429, on: 'write' });
    const error = await refusal(write(KEY, { API_KEY: random() }), 'RATE_LIMITED');
    expect(error.context.retryAfter).toBe(60);
  });

  it('puts nothing back over a pair whose shown half is somebody else’s by now', async () => {
    const pair = { ref: REPO, fields: ['KEY_ID', 'KEY_SECRET'] };
    const old = { KEY_ID: random(), KEY_SECRET: random() };
    const next = { KEY_ID: random(), KEY_SECRET: random() };
    emulator.places.set(REPO, 'KEY_ID', next.KEY_ID, false);
    emulator.places.set(REPO, 'KEY_SECRET', next.KEY_SECRET);
    store = await open({ shown: ['KEY_ID'] });
    const wish = restorationOf({ values: secretsOf(old), pushed: secretsOf(next) });
    emulator.places.set(REPO, 'KEY_ID', 'theirs', false);
    await refusal(store.restore(pair, wish, ctx), 'DRIFT');
    expect(held('KEY_SECRET')?.value).toBe(next.KEY_SECRET);

    // Cut in half: one is ours, the other was never written.
    for (const id of [next.KEY_ID, old.KEY_ID]) {
      emulator.places.set(REPO, 'KEY_ID', id, false);
      await store.restore(pair, wish, ctx);
      expect([held('KEY_ID')?.value, held('KEY_SECRET')?.value]).toEqual([old.KEY_ID, old.KEY_SECRET]);
    }
  });

  it('puts back nothing it does not know', async () => {
    await emulator.seed(KEY, { API_KEY: 'new' });
    const wish = {
      before: undefined,
      values: undefined,
      receipt: undefined,
      pushed: secretsOf({ API_KEY: 'new' }),
    };
    await refusal(store.restore(KEY, wish, ctx), 'REFUSED');
    expect(held('API_KEY')?.value).toBe('new');
  });
});

it('takes the 404 of a proxy for no answer of Bitbucket', async () => {
  await emulator.seed(KEY, { API_KEY: random() });
  const [proxy, body] = [{ 'content-type': 'text/html' }, '<html>no such page</html>'];
  const server = await startLoopbackServer({
    isWrite: () => false,
    handle: () => ({ status: 404, headers: proxy, body }),
    errorBody: () => ({ body: '' }),
  });
  try {
    store = await openStore(plugin, { ...emulator.options(), address: server.url }, emulator.resolve);
    await refusal(store.read(KEY, ctx), 'UNAVAILABLE');
  } finally {
    await server.stop();
  }
});

describe('who we are', () => {
  it('is the account of an API token', async () => {
    expect((await store.whoami(ctx)).attributes).toMatchObject({ accountId: '5f0:robot' });
  });

  it('is not told to an API token with the scopes of pipelines alone, which works all the same', async () => {
    emulator.withoutUserScope();
    await emulator.seed(KEY, { API_KEY: random() });
    const { display, attributes } = await store.whoami(ctx);
    expect([display, attributes]).toEqual([
      `an API token of robot@acme.example at ${emulator.server.url}`,
      { address: emulator.server.url },
    ]);
    await write(KEY, { API_KEY: 'new' });
    expect(held('API_KEY')?.value).toBe('new');
  });

  it('is refused to a token that is not known, with a word on the two kinds of token', async () => {
    store = await openStore(plugin, emulator.options());
    const error = await refusal(store.whoami(ctx), 'UNAUTHENTICATED');
    expect(error.hint).toContain('`method: api-token`');
  });

  it('is not told to an access token, which works all the same', async () => {
    store = await open({ auth: { method: 'access-token', token: 'env:T' } });
    await emulator.seed(KEY, { API_KEY: random() });
    expect((await store.whoami(ctx)).attributes).toEqual({ address: emulator.server.url });
    await write(KEY, { API_KEY: 'new' });
    expect(held('API_KEY')?.value).toBe('new');
  });
});
