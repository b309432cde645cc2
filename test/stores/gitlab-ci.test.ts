import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fields } from '../../src/core/credential.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import type { GitlabClient } from '../../src/lib/gitlab/gitlab-client.ts';
import { gitlabError } from '../../src/lib/gitlab/gitlab-error.ts';
import { redactor } from '../../src/lib/redactor.ts';
import { type GitlabCiEmulator, startGitlabCiEmulator } from '../../src/stores/gitlab-ci/emulator.ts';
import { openGitlabCiStore } from '../../src/stores/gitlab-ci/gitlab-ci-store.ts';
import { optionsSchema } from '../../src/stores/gitlab-ci/options.ts';
import { ownScopes } from '../../src/stores/gitlab-ci/own-scopes.ts';

const SHOP = 'projects/acme/shop';
const KEY: Slot = { ref: SHOP, fields: ['API_KEY'] };
const ctx: WriteContext = {
  signal: new AbortController().signal,
  idempotencyToken: randomUUID(),
  rotationId: 'rot-1',
};

let emulator: GitlabCiEmulator;
let store: Store;
beforeEach(async () => {
  emulator = await startGitlabCiEmulator();
  store = await open();
});
afterEach(async () => {
  await store.close?.();
  await emulator.stop();
});

async function open(changes: JsonObject = {}): Promise<Store> {
  const nobody = (): Promise<never> => Promise.reject(new Error('this store asks nobody'));
  return openGitlabCiStore(optionsSchema.parse({ ...emulator.options(changes), ...changes }), {
    name: 'gitlab',
    baseDir: '/nowhere',
    clock: systemClock,
    timeoutMs: 5000,
    resolve: async (reference) => new Secret(emulator.resolve(reference) ?? ''),
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
}

const random = (): string => randomBytes(12).toString('hex');
const write = (slot: Slot, values: Fields<string>, of = store): Promise<unknown> =>
  of.write(slot, secrets(values), undefined, ctx);
const secrets = (values: Fields<string>): Fields<Secret> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, new Secret(value)]));
const held = (key: string, scope = '*', place = SHOP) =>
  emulator.variables.find(place)?.find((each) => each.key === key && each.environment_scope === scope);

async function refusal(attempt: Promise<unknown>, code: string): Promise<RotationError> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RotationError)) throw new Error(`expected ${code}, not ${String(error)}`);
  expect(error.code, error.message).toBe(code);
  return error;
}

async function found(slot: Slot, of = store): Promise<readonly string[]> {
  const { findings } = await of.preflight(slot, ctx);
  return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

describe('environment scopes', () => {
  it('writes the variable of the scope in the ref, and no other of that key', async () => {
    for (const scope of ['*', 'production', 'review/*'])
      emulator.variables.set(SHOP, { key: 'API_KEY', value: `old-${scope}-00`, environment_scope: scope });
    const next = random();
    await write({ ref: `${SHOP}@review/*`, fields: ['API_KEY'] }, { API_KEY: next });
    expect(held('API_KEY', 'review/*')?.value).toBe(next);
    expect(held('API_KEY', 'production')?.value).toBe('old-production-00');
    expect(held('API_KEY')?.value).toBe('old-*-00');
  });

  it('means the scope of the options where the ref names none', async () => {
    const production = await open({ environmentScope: 'production' });
    emulator.variables.set(SHOP, { key: 'API_KEY', value: random() });
    expect(await production.read(KEY, ctx)).toBeUndefined();
    emulator.variables.set(SHOP, { key: 'API_KEY', value: 'of-production', environment_scope: 'production' });
    expect((await production.read(KEY, ctx))?.fields['API_KEY']?.reveal()).toBe('of-production');
  });

  it('names every request’s scope: GitLab would refuse a key that several have', async () => {
    await emulator.seed(KEY, { API_KEY: random() });
    await store.read(KEY, ctx);
    await write(KEY, { API_KEY: random() });
    const items = emulator.server.requests.filter(({ path }) => path.endsWith('/API_KEY'));
    expect(items.length).toBeGreaterThan(0);
    for (const { query } of items) expect(query.get('filter[environment_scope]')).toBe('*');
  });

  it('warns of the same key in other scopes, and says where it is when it is not in this one', async () => {
    emulator.variables.set(SHOP, { key: 'API_KEY', value: random(), environment_scope: 'staging' });
    expect(await found(KEY)).toEqual([expect.stringMatching(/^error NOT_FOUND: .* there is one of staging/)]);
    emulator.variables.set(SHOP, { key: 'API_KEY', value: random() });
    expect(await found(KEY)).toEqual([expect.stringMatching(/^warning CONFLICT: .*: staging$/)]);
  });
});

describe('places', () => {
  it.each(['groups/acme', 'groups/acme@production', 'instance', 'projects/4711'])(
    'writes to %s',
    async (ref) => {
      const slot = { ref, fields: ['API_KEY'] };
      await emulator.seed(slot, { API_KEY: random() });
      const next = random();
      await write(slot, { API_KEY: next });
      expect(await emulator.peek(slot)).toEqual({ API_KEY: next });
    },
  );

  it.each(['acme/shop', 'projects/', 'projects/acme/../admin', 'projects/acme/shop@', 'instance@production'])(
    'refuses %s as a ref',
    async (ref) => {
      await refusal(store.read({ ref, fields: ['API_KEY'] }, ctx), 'CONFIG_INVALID');
      expect(emulator.server.requests).toEqual([]);
    },
  );

  it('finds a variable behind the first page', async () => {
    for (let n = 0; n < 205; n += 1) emulator.variables.set(SHOP, { key: `V${n}`, value: random() });
    expect(await found({ ref: SHOP, fields: ['V204'] })).toEqual([]);
  });
});

describe('what a variable takes', () => {
  const flags = { protected: true, variable_type: 'file', description: 'ours' } as const;

  it('changes the value and leaves every other property as it was', async () => {
    emulator.variables.set(SHOP, { key: 'API_KEY', value: random(), masked: false, raw: true, ...flags });
    const before = held('API_KEY');
    await write(KEY, { API_KEY: 'several\nlines of $TEXT, ключ\n' });
    expect(held('API_KEY')).toEqual({ ...before, value: 'several\nlines of $TEXT, ключ\n' });
  });

  it.each([
    { masked: true, raw: true, value: 'short' },
    { masked: true, raw: true, value: 'white space in it' },
    { masked: true, raw: false, value: 'a-character-that-is-not-allowed!' },
    { masked: false, raw: false, value: 'expands-$HOME' },
  ])('refuses what it would not take or would change, before it asks ($value)', async (variable) => {
    emulator.variables.set(SHOP, { key: 'API_KEY', ...variable, value: 'old-value-1' });
    const error = await refusal(write(KEY, { API_KEY: variable.value }), 'REFUSED');
    expect(error.message).not.toContain(variable.value);
    expect(held('API_KEY')?.value).toBe('old-value-1');
    expect(emulator.server.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('writes neither of a pair when one of them would be refused', async () => {
    const pair = { ref: SHOP, fields: ['KEY_ID', 'KEY_SECRET'] };
    await emulator.seed(pair, { KEY_ID: random(), KEY_SECRET: random() });
    const old = await emulator.peek(pair);
    await refusal(write(pair, { KEY_ID: random(), KEY_SECRET: 'a b' }), 'REFUSED');
    expect(await emulator.peek(pair)).toEqual(old);
  });

  it('says before the write that an instance’s variable takes 10,000 characters', async () => {
    const slot = { ref: 'instance', fields: ['API_KEY'] };
    await emulator.seed(slot, { API_KEY: random() });
    await refusal(write(slot, { API_KEY: 'x'.repeat(10_001) }), 'LIMIT_REACHED');
    await write(slot, { API_KEY: 'x'.repeat(10_000) });
  });

  it('is INDETERMINATE when the second of a pair fails after the first', async () => {
    const pair = { ref: SHOP, fields: ['KEY_ID', 'KEY_SECRET'] };
    await emulator.seed(pair, { KEY_ID: random(), KEY_SECRET: random() });
    let writes = 0;
    emulator.server.onWrite(() => {
      writes += 1;
      // Between the two: somebody takes the second away.
      if (writes === 2) emulator.variables.find(SHOP)?.splice(0);
    });
    await refusal(write(pair, { KEY_ID: random(), KEY_SECRET: random() }), 'INDETERMINATE');
  });
});

describe('hidden variables', () => {
  const old = random();
  const hidden = (key: string, more = {}) =>
    emulator.variables.set(SHOP, { key, value: old, hidden: true, ...more });

  it('are written, and stay masked, hidden, protected, raw and all they were', async () => {
    hidden('API_KEY', { protected: true, raw: false, variable_type: 'file', description: 'ours' });
    const before = held('API_KEY');
    const next = random();
    await write(KEY, { API_KEY: next });
    expect(before).toMatchObject({ hidden: true, masked: true });
    expect(held('API_KEY')).toEqual({ ...before, value: next });
  });

  it('are told by preflight, which says that nothing proves a push to them', async () => {
    hidden('API_KEY');
    expect(await found(KEY)).toEqual([expect.stringMatching(/^info REFUSED: it is hidden/)]);
    expect(await store.preflight(KEY, ctx)).toMatchObject({ readable: false, evidence: 'none' });
  });

  it('make a pair that cannot be read of one whose other half can', async () => {
    const pair = { ref: SHOP, fields: ['KEY_ID', 'KEY_SECRET'] };
    emulator.variables.set(SHOP, { key: 'KEY_ID', value: old });
    hidden('KEY_SECRET');
    expect(await store.preflight(pair, ctx)).toMatchObject({ readable: false, evidence: 'none' });
    expect(await store.read(pair, ctx)).toEqual({ fields: {}, version: undefined });
  });

  it('get the given values back; a half that is shown is looked at first', async () => {
    const pair = { ref: SHOP, fields: ['KEY_ID', 'KEY_SECRET'] };
    emulator.variables.set(SHOP, { key: 'KEY_ID', value: old });
    hidden('KEY_SECRET');
    const pushed = { KEY_ID: random(), KEY_SECRET: random() };
    await write(pair, pushed);
    const restoration = {
      before: undefined,
      values: secrets({ KEY_ID: old, KEY_SECRET: old }),
      receipt: undefined,
      pushed: secrets(pushed),
    };
    emulator.variables.set(SHOP, { key: 'KEY_ID', value: 'somebody-elses' });
    await refusal(store.restore(pair, restoration, ctx), 'DRIFT');
    expect(held('KEY_SECRET')?.value).toBe(pushed.KEY_SECRET);

    emulator.variables.set(SHOP, { key: 'KEY_ID', value: pushed.KEY_ID });
    await store.restore(pair, restoration, ctx);
    expect(await emulator.peek(pair)).toEqual({ KEY_ID: old, KEY_SECRET: old });
  });

  it('are not written with a value that GitLab could not mask', async () => {
    hidden('API_KEY', { raw: false });
    await refusal(write(KEY, { API_KEY: 'not-to-be-masked!' }), 'REFUSED');
    expect(held('API_KEY')?.value).toBe(old);
  });
});

describe('preflight', () => {
  it.each([400, 403, 404])(
    'is not stopped by a token that is told nothing of itself (%i)',
    async (status) => {
      const answer = { status, headers: {}, body: JSON.stringify({ message: `${status} no` }) };
      const ask: GitlabClient['ask'] = async (request) => {
        throw gitlabError(answer, request);
      };
      const client: Pick<GitlabClient, 'ask' | 'name'> = { name: 'gitlab', ask };
      expect(await ownScopes(client as GitlabClient)(ctx.signal)).toBeUndefined();
    },
  );

  it('takes no word of other variables for a secret: whatever is one is blanked out of the output', async () => {
    const word = `region-${random()}`;
    await emulator.seed(KEY, { API_KEY: random() });
    emulator.variables.set(SHOP, { key: 'REGION', value: word });
    await store.preflight(KEY, ctx);
    await store.read(KEY, ctx);
    expect(redactor.redact(`${SHOP}@${word}`)).toBe(`${SHOP}@${word}`);
    expect(redactor.redact(held('API_KEY')?.value ?? '')).toBe('[redacted]');
  });

  beforeEach(() => emulator.variables.set(SHOP, { key: 'API_KEY', value: random() }));

  it('warns of a variable that is not masked, and tells of one that is expanded', async () => {
    emulator.variables.set(SHOP, { key: 'API_KEY', masked: false, raw: false });
    expect(await found(KEY)).toEqual([
      expect.stringMatching(/^warning REFUSED: it is not masked/),
      expect.stringMatching(/^info REFUSED: runners expand/),
    ]);
  });

  it('sees that the token may only read', async () => {
    emulator.grant(['read_api']);
    expect(await found(KEY)).toEqual([expect.stringMatching(/^error PERMISSION_DENIED: .*read_api/)]);
    await refusal(write(KEY, { API_KEY: random() }), 'PERMISSION_DENIED');
  });

  it('tells a project that is not to be seen from a variable that is not there', async () => {
    expect(await found({ ref: 'projects/acme/other', fields: ['API_KEY'] })).toEqual([
      expect.stringMatching(/^error NOT_FOUND: .*404 Project Not Found/),
    ]);
  });
});

it('acts as the user of its token', async () => {
  expect((await store.whoami(ctx)).attributes).toEqual({
    username: 'rotation-robot',
    userId: '42',
    address: emulator.server.url,
  });
});
