import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Restoration } from '../../src/core/plugins/store.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { openSecretsManagerStore } from '../../src/stores/aws-secrets-manager/aws-secrets-manager-store.ts';
import { putVersion } from '../../src/stores/aws-secrets-manager/emulated-secret.ts';
import { optionsSchema } from '../../src/stores/aws-secrets-manager/options.ts';
import { preflightSlot } from '../../src/stores/aws-secrets-manager/preflight.ts';
import type { SecretsApi } from '../../src/stores/aws-secrets-manager/secrets-api.ts';
import { dropLabels, swapCurrent } from '../../src/stores/aws-secrets-manager/swap.ts';
import { contextFor, fresh, OLD, openRig, type Rig } from './aws-secrets-manager-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const { signal } = new AbortController();

describe('a secret without a value yet', () => {
  beforeEach(() => {
    rig.emulator.secret(rig.slot).versions.clear();
  });

  it('is reported by preflight, and gets none from us', async () => {
    const { findings } = await rig.store.preflight(rig.slot, rig);
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'NOT_FOUND: it has no current value',
    ]);
    expect(await rig.store.read(rig.slot, rig)).toBeUndefined();
    await expect(rig.push(fresh(), undefined)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(rig.push(fresh(), rig.first)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`version ${rig.first} is there no more`),
    });
  });

  it('cannot be brought back to what it was', async () => {
    const restoration = { before: rig.first, values: undefined, receipt: undefined, pushed: {} };
    for (const slot of [rig.slot, { ref: 'no/such', fields: [''] }]) {
      await expect(rig.store.restore(slot, restoration, rig.writing())).rejects.toMatchObject({
        code: 'DRIFT',
        message: expect.stringContaining('no current version'),
      });
    }
  });
});

describe('a slot', () => {
  it('holds the fields that are there: an absent or an empty one is none', async () => {
    await rig.emulator.overwrite(rig.slot, { EMPTY: '' });
    const found = await rig.store.read({ ...rig.slot, fields: ['API_KEY', 'EMPTY', 'ABSENT'] }, rig);
    expect(Object.keys(found?.fields ?? {})).toEqual(['API_KEY']);
  });

  it('is written in the fields that are given', async () => {
    const value = fresh();
    const slot = { ...rig.slot, fields: ['API_KEY', 'OTHER'] };
    await rig.store.write(slot, { OTHER: value }, rig.first, rig.writing());
    expect(await rig.emulator.peek(slot)).toEqual({ API_KEY: OLD.reveal(), OTHER: value.reveal() });
  });

  it('is a whole secret or fields of it, not both', async () => {
    const slot = { ...rig.slot, fields: ['', 'API_KEY'] };
    await expect(rig.store.read(slot, rig)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('of a secret that is no JSON has no fields to read or to write', async () => {
    await rig.emulator.overwrite({ ...rig.slot, fields: [''] }, { '': 'plain' });
    await expect(rig.store.read(rig.slot, rig)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('not a JSON object'),
    });
    await expect(rig.push(fresh(), undefined)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('of a binary secret is not read as if it were text', async () => {
    putVersion(rig.emulator.secret(rig.slot), { binary: 'AAEC' });
    await expect(rig.store.read(rig.slot, rig)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('binary'),
    });
  });
});

describe('a restore after somebody else was there', () => {
  const pushed = fresh();
  const undo = (change: Partial<Restoration>): Restoration => ({
    before: rig.first,
    values: { API_KEY: OLD },
    receipt: undefined,
    pushed: { API_KEY: pushed },
    ...change,
  });
  const restore = (change: Partial<Restoration> = {}) =>
    rig.store.restore(rig.slot, undo(change), rig.writing());

  it('has nothing to do when they have put the old value back', async () => {
    const receipt = await rig.push(pushed, rig.first);
    await rig.emulator.overwrite(rig.slot, { API_KEY: OLD.reveal() });
    const effects = rig.emulator.effects();
    await restore({ receipt });
    expect(rig.emulator.effects()).toBe(effects);
  });

  it('leaves alone what is neither the old nor the new value, or is no text any more', async () => {
    const receipt = await rig.push(pushed, rig.first);
    await rig.emulator.overwrite(rig.slot, { API_KEY: fresh().reveal() });
    await expect(restore({ receipt })).rejects.toMatchObject({
      code: 'DRIFT',
      message: expect.stringContaining('neither the old nor the new value'),
    });
    putVersion(rig.emulator.secret(rig.slot), { binary: 'AAEC' });
    await expect(restore({ receipt })).rejects.toMatchObject({
      code: 'DRIFT',
      message: expect.stringContaining('no text any more'),
    });
  });

  it('keeps their work beside it, which takes knowing the old value', async () => {
    const receipt = await rig.push(pushed, rig.first);
    await rig.emulator.overwrite(rig.slot, { OTHER: 'theirs' });
    await expect(restore({ receipt, values: undefined })).rejects.toMatchObject({
      code: 'DRIFT',
      message: expect.stringContaining('wrote beside it'),
    });
    await restore({ receipt });
    expect(await rig.emulator.peek({ ...rig.slot, fields: ['API_KEY', 'OTHER'] })).toEqual({
      API_KEY: OLD.reveal(),
      OTHER: 'theirs',
    });
  });

  it('says when the way back is closed for now, and does not try another', async () => {
    const receipt = await rig.push(pushed, rig.first);
    rig.emulator.inject?.({ kind: 'status', status: 503, on: 'write' });
    await expect(restore({ receipt })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await rig.live()).toEqual({ API_KEY: pushed.reveal() });
  });
});

it('a label that a push could not take off goes with a later one', async () => {
  const first = (await rig.push(fresh(), rig.first)).version ?? '';
  rig.emulator.secret(rig.slot).versions.get(first)?.labels.add(`keyturn-staged-${first}`);
  const second = (await rig.push(fresh(), first)).version ?? '';
  expect(rig.labels()[first]).toContain(`keyturn-staged-${first}`);
  await rig.push(fresh(), second);
  expect(rig.labels()[first]).not.toContain(`keyturn-staged-${first}`);
});

describe('preflight', () => {
  it('minds no ARN of its own region, and no value that a push would add', async () => {
    const ref = rig.emulator.secret(rig.slot).arn;
    expect((await rig.store.preflight({ ...rig.slot, ref }, rig)).findings).toEqual([]);
    const { findings } = await rig.store.preflight({ ...rig.slot, fields: ['APIKEY'] }, rig);
    expect(findings).toMatchObject([{ severity: 'warning', code: 'NOT_FOUND' }]);
  });

  it('that could not ask says so, to be asked again', async () => {
    rig.emulator.inject?.({ kind: 'status', status: 503, on: 'any' });
    await expect(rig.store.preflight(rig.slot, rig)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
    });
    await expect(rig.store.preflight(rig.slot, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('tells a policy that denies from one that is silent', async () => {
    const denied = [
      { action: 'secretsmanager:PutSecretValue', explicit: true },
      { action: 'secretsmanager:UpdateSecretVersionStage', explicit: false },
    ];
    const caller = {
      identity: () => Promise.reject(new Error('nobody asked')),
      simulate: async () => ({ known: true as const, denied }),
    };
    const report = await preflightSlot({ api: fakeApi({}), caller, slot: rig.slot, subject: 's', signal });
    expect(report.findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'error: a policy denies secretsmanager:PutSecretValue',
      'warning: no policy of the identity allows secretsmanager:UpdateSecretVersionStage',
    ]);
  });
});

/** A service that answers just so. */
function fakeApi(change: Partial<SecretsApi>): SecretsApi {
  const done = async (): Promise<void> => {};
  return {
    region: async () => 'us-east-1',
    credentials: () => Promise.reject(new Error('no credentials here')),
    describe: async () => ({
      arn: 'arn',
      labels: new Map([['v1', ['AWSCURRENT']]]),
      rotationEnabled: false,
      owningService: undefined,
      deletedAt: undefined,
      primaryRegion: undefined,
    }),
    read: async () => ({ version: 'v1', text: '{"API_KEY":"x"}', createdAt: undefined }),
    stage: done,
    goLive: done,
    attach: done,
    detach: done,
    close: () => {},
    ...change,
  };
}

describe('a swap', () => {
  const SWAP = { id: 'a', subject: 'aws/a', base: 'v1', next: 'v2', text: '{}' };
  const conflict = () => Promise.reject(new RotationError('CONFLICT', { subject: 'aws/a' }));

  it('of a secret that is gone is NOT_FOUND', async () => {
    const gone = fakeApi({ describe: async () => undefined });
    await expect(swapCurrent(gone, SWAP, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that was refused names the version that is in its place, or that there is none', async () => {
    const found = await fakeApi({}).describe('a', signal);
    let asked = 0;
    const emptied = fakeApi({
      goLive: conflict,
      describe: async () => {
        asked += 1;
        return found && { ...found, labels: asked === 1 ? found.labels : new Map() };
      },
    });
    await expect(swapCurrent(emptied, SWAP, signal)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('version (none) is current, not v1'),
    });
  });

  it('is not undone by a label that stays, but a defect is never swallowed', async () => {
    const held = [{ label: 'keyturn-staged-v2', version: 'v2' }];
    const denied = () => Promise.reject(new RotationError('PERMISSION_DENIED', { subject: 'aws/a' }));
    await expect(dropLabels(fakeApi({ detach: denied }), 'a', held, signal)).resolves.toBeUndefined();
    const defect = new TypeError('a defect');
    const broken = fakeApi({ detach: () => Promise.reject(defect) });
    await expect(dropLabels(broken, 'a', held, signal)).rejects.toBe(defect);
  });
});

it('an answer that tells less than AWS does is taken for what it says, and breaks nothing', async () => {
  const bare = await startLoopbackServer({
    isWrite: () => false,
    handle: ({ headers }) => {
      const operation = String(headers['x-amz-target']);
      const body = operation.endsWith('GetSecretValue') ? { SecretString: '{"API_KEY":"x"}' } : {};
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r1' },
        body: JSON.stringify(body),
      };
    },
  });
  const { options, resolve } = rig.emulator;
  const store = await openSecretsManagerStore(
    optionsSchema.parse({ ...options(), endpoint: bare.url }),
    contextFor({ resolve }),
  );
  try {
    const found = await store.read(rig.slot, rig);
    expect(found).not.toHaveProperty('updatedAt');
    expect(found?.fields['API_KEY']?.reveal()).toBe('x');
    const restoration = { before: undefined, values: undefined, receipt: undefined, pushed: {} };
    await expect(store.restore(rig.slot, restoration, rig.writing())).rejects.toMatchObject({
      code: 'DRIFT',
    });
  } finally {
    await store.close?.();
    await bare.stop();
  }
});
