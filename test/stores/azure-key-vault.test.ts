import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openKeyVaultStore } from '../../src/stores/azure-key-vault/azure-key-vault-store.ts';
import { type KeyVaultEmulator, startKeyVaultEmulator } from '../../src/stores/azure-key-vault/emulator.ts';
import { optionsSchema } from '../../src/stores/azure-key-vault/options.ts';
import { createLeakDetector } from '../../src/testing/leaks.ts';

let emulator: KeyVaultEmulator;
let store: Store;
const { signal } = new AbortController();
const call = { signal };

beforeEach(async () => {
  emulator = await startKeyVaultEmulator();
  store = await open();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await store.close?.();
  await emulator.stop();
});

async function open(options: JsonObject = {}, clientSecret?: string): Promise<Store> {
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  return openKeyVaultStore(optionsSchema.parse({ ...emulator.options(), ...options }), {
    name: 'vault',
    baseDir: '/',
    clock: systemClock,
    timeoutMs: 20_000,
    resolve: async (reference) => new Secret(clientSecret ?? emulator.resolve(reference) ?? 'unknown'),
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
}

const fresh = (): Secret => new Secret(`kt-${randomBytes(18).toString('base64url')}`);
const OLD = fresh();
const writing = (): WriteContext => ({ signal, idempotencyToken: randomUUID(), rotationId: 'r1' });
const seeded = (field = ''): Promise<Slot> =>
  emulator.seed({ ref: 'checkout', fields: [field] }, { [field]: OLD.reveal() });
const write = (slot: Slot, value: Secret, expected?: string) =>
  store.write(slot, { [slot.fields[0] ?? '']: value }, expected, writing());

describe('a new version', () => {
  it('has the content type, tags, state and dates of the one before, however far away they are', async () => {
    const slot = await seeded();
    const [before] = emulator.versions(slot);
    Object.assign(before?.attributes ?? {}, { exp: 7_258_118_400 });
    const neighbours = await emulator.neighbours(slot);
    const receipt = await write(slot, fresh(), before?.id);
    expect(await emulator.neighbours(slot)).toBe(neighbours);
    expect(receipt).toEqual({ version: emulator.versions(slot)[1]?.id, details: { before: before?.id } });
  });

  it('has none of them where the one before had none', async () => {
    const slot = await seeded();
    const [before] = emulator.versions(slot);
    delete before?.contentType;
    delete before?.tags;
    delete before?.attributes.exp;
    delete before?.attributes.nbf;
    const neighbours = await emulator.neighbours(slot);
    await write(slot, fresh());
    expect(await emulator.neighbours(slot)).toBe(neighbours);
  });

  it('is refused when somebody has written since the plan', async () => {
    const slot = await seeded();
    const first = emulator.versions(slot)[0]?.id;
    await emulator.overwrite(slot, { '': 'theirs' });
    await expect(write(slot, fresh(), first)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await emulator.peek(slot)).toEqual({ '': 'theirs' });
  });
});

describe('a rollback', () => {
  it('sets the value of the old version again, with the tags the secret has by now, and deletes nothing', async () => {
    const slot = await seeded('API_KEY');
    const [first] = emulator.versions(slot);
    const value = fresh();
    const receipt = await write(slot, value, first?.id);
    Object.assign(emulator.versions(slot)[1] ?? {}, { tags: { owner: 'new' } });
    const restoration = { before: first?.id, values: undefined, receipt, pushed: { API_KEY: value } };
    await store.restore(slot, restoration, writing());
    await store.restore(slot, restoration, writing());
    expect(emulator.versions(slot)).toHaveLength(3);
    expect(emulator.versions(slot)[2]).toMatchObject({ value: first?.value, tags: { owner: 'new' } });
    expect(new Set(emulator.server.requests.map(({ method }) => method))).toEqual(
      new Set(['GET', 'POST', 'PUT']),
    );
  });

  it('takes the sealed value when somebody has disabled the old version', async () => {
    const slot = await seeded();
    const [first] = emulator.versions(slot);
    const value = fresh();
    const receipt = await write(slot, value, first?.id);
    Object.assign(first?.attributes ?? {}, { enabled: false });
    const restoration = { before: first?.id, receipt, pushed: { '': value } };
    await expect(store.restore(slot, { ...restoration, values: undefined }, writing())).rejects.toMatchObject(
      {
        code: 'DRIFT',
      },
    );
    await store.restore(slot, { ...restoration, values: { '': OLD } }, writing());
    expect(await emulator.peek(slot)).toEqual({ '': OLD.reveal() });
  });
});

describe('the login', () => {
  it('follows the challenge of the vault, and sends neither value nor token before', async () => {
    const slot = await seeded();
    await write(slot, fresh());
    const [first, , , ...rest] = emulator.server.requests.filter(({ path }) => path.startsWith('/secrets/'));
    expect(first).toMatchObject({ method: 'GET', body: '' });
    expect(first?.headers.authorization).toBeUndefined();
    expect(rest.every(({ headers }) => headers.authorization?.startsWith('Bearer '))).toBe(true);
  });

  it('tells who we are, even where secrets may not be listed', async () => {
    const { tenantId: tenant, clientId: application } = emulator.directory;
    const expected = { tenant, application, vault: new URL(emulator.server.url).host };
    expect((await store.whoami(call)).attributes).toMatchObject(expected);
    emulator.denied.add('list');
    expect((await store.whoami(call)).attributes).toMatchObject(expected);
  });

  it('with a wrong secret is UNAUTHENTICATED, and the secret stays with us', async () => {
    const leaks = createLeakDetector();
    store = await open({}, leaks.watch(randomBytes(24).toString('base64url')));
    const error = await store.whoami(call).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('AADSTS7000215'),
    });
    leaks.expectClean(error);
  });

  it('that the SDK makes by itself is not begun past certificates', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const nobody = {
      tenantId: undefined,
      clientId: undefined,
      clientSecret: undefined,
      authority: undefined,
    };
    const found = await open(nobody as never);
    await expect(found.whoami(call)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED'),
    });
    await found.close?.();
    expect((await store.whoami(call)).attributes['tenant']).toBeDefined();
  });

  it('at a directory that cannot be reached is UNAVAILABLE', async () => {
    store = await open({ authority: 'http://127.0.0.1:9' });
    await expect(store.whoami(call)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is UNAUTHENTICATED when the vault does not take the token any more', async () => {
    const slot = await seeded();
    await store.read(slot, call);
    emulator.directory.forget();
    await expect(store.read(slot, call)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('preflight', () => {
  const found = async (change: (version: object & { attributes?: object }) => void): Promise<string[]> => {
    const slot = await seeded();
    change(emulator.versions(slot)[0] ?? {});
    const { findings } = await store.preflight(slot, call);
    return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
  };
  const seconds = (days: number): number => Math.floor(Date.now() / 1000) + days * 86_400;

  it.each<[string, object, RegExp]>([
    ['an end that is near', { exp: seconds(3) }, /^warning REFUSED: it expires at/],
    ['an end that is over', { exp: seconds(-3) }, /^warning REFUSED: it has expired at/],
    ['a beginning that is to come', { nbf: seconds(3) }, /^warning REFUSED: it is not to be used before/],
    ['a version that is disabled', { enabled: false }, /^error REFUSED: .*SecretDisabled/],
  ])('reports %s', async (_what, attributes, finding) => {
    expect(await found((version) => Object.assign(version.attributes ?? {}, attributes))).toContainEqual(
      expect.stringMatching(finding),
    );
  });

  it('reports the secret of a certificate, and what it cannot know', async () => {
    expect(await found((version) => Object.assign(version, { managed: true }))).toEqual([
      expect.stringMatching(/^error REFUSED: it belongs to a certificate/),
    ]);
    expect(await found(() => {})).toEqual([expect.stringMatching(/^info PERMISSION_DENIED: .*secrets\/set/)]);
  });

  it.each(['a secret', 'checkout/3f1c', 'https://v.vault.azure.net/secrets/checkout', 'a_b'])(
    'refuses a `ref` of %s',
    async (ref) => {
      const slot = { ref, fields: [''] };
      expect((await store.preflight(slot, call)).findings).toEqual([
        expect.objectContaining({ code: 'CONFIG_INVALID' }),
      ]);
      await expect(store.read(slot, call)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    },
  );
});

it('takes a whole application or none', () => {
  const address = 'https://acme.vault.azure.net';
  const valid = (options: object): boolean => optionsSchema.safeParse({ address, ...options }).success;
  const application = { tenantId: 't', clientId: 'c', clientSecret: 'env:S' };
  expect(valid({})).toBe(true);
  expect(valid(application)).toBe(true);
  expect(valid({ clientId: 'c' })).toBe(false);
  expect(valid({ ...application, clientSecret: undefined })).toBe(false);
  expect(valid({ authority: 'https://login.example.com' })).toBe(false);
});
