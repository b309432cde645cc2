import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLeakDetector } from '../../src/testing/leaks.ts';
import { openRig, type Rig } from './gcp-secret-manager-rig.ts';

let rig: Rig | undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await rig?.close();
});

describe('who the store acts as', () => {
  it('is the service account of its key file', async () => {
    rig = await openRig();
    expect(await rig.store.whoami(rig)).toEqual({
      display: 'rotator@keyturn-emulated.iam.gserviceaccount.com in keyturn-emulated',
      attributes: {
        project: 'keyturn-emulated',
        address: rig.emulator.server.url,
        principal: 'rotator@keyturn-emulated.iam.gserviceaccount.com',
      },
    });
  });

  it('is known even where it may not list secrets', async () => {
    rig = await openRig();
    rig.emulator.denied.add('secretmanager.secrets.list');
    expect((await rig.store.whoami(rig)).attributes['principal']).toMatch(/^rotator@/);
  });

  it('is found by the application default credentials without a key file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-adc-'));
    rig = await openRig({}, { overrides: { keyFile: undefined } as never });
    const reference = String(rig.emulator.options()['keyFile']);
    await writeFile(join(folder, 'key.json'), rig.emulator.resolve(reference) ?? '');
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'key.json'));
    expect((await rig.store.whoami(rig)).attributes['principal']).toMatch(/^rotator@/);
    const slot = await rig.seeded('checkout');
    expect(await rig.store.read(slot, rig)).toMatchObject({ version: '1' });
    await rm(folder, { recursive: true });
  });
});

it('nobody is logged in past certificates, where the environment would have it so', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  rig = await openRig({}, { overrides: { keyFile: undefined } as never });
  await expect(rig.store.whoami(rig)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED'),
  });
  await rig.close();
  // The key of a service account signs here, and asks nobody.
  rig = await openRig();
  expect((await rig.store.whoami(rig)).attributes['principal']).toMatch(/^rotator@/);
});

describe('a login that fails', () => {
  const reading = async (keyFile: string): Promise<unknown> => {
    rig = await openRig({}, { overrides: { keyFile: 'env:BROKEN' }, references: { 'env:BROKEN': keyFile } });
    const slot = await rig.seeded('checkout');
    return rig.store.read(slot, rig).catch((error: unknown) => error);
  };

  it.each(['{"type":"service', '"a text"', '{"private_key":"x"}'])(
    'for a key file of %s says so',
    async (text) => {
      const leaks = createLeakDetector();
      const secret = leaks.watch(randomBytes(12).toString('hex'));
      const error = await reading(text.replace('x', secret));
      expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('keyFile') });
      leaks.expectClean(error);
    },
  );

  it('for a key that cannot sign is UNAUTHENTICATED, and keeps the key to itself', async () => {
    const leaks = createLeakDetector();
    const secret = leaks.watch(randomBytes(24).toString('hex'));
    const error = await reading(
      JSON.stringify({ type: 'service_account', client_email: 'a@b.c', private_key: secret }),
    );
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
    leaks.expectClean(error);
  });

  it('for a file of default credentials that is no JSON quotes none of it', async () => {
    const leaks = createLeakDetector();
    const secret = leaks.watch(randomBytes(4).toString('hex'));
    const folder = await mkdtemp(join(tmpdir(), 'keyturn-adc-'));
    await writeFile(join(folder, 'key.json'), `{"private_key": ${secret.replace(/^\w/, 'x')}}`);
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', join(folder, 'key.json'));
    rig = await openRig({}, { overrides: { keyFile: undefined } as never });
    const error = await rig.store.whoami(rig).catch((thrown: unknown) => thrown);
    await rm(folder, { recursive: true });
    expect(error).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringContaining('are not JSON'),
    });
    leaks.expectClean(error);
  });

  it('without any credentials is UNAUTHENTICATED, and says how to log in', async () => {
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/nowhere/key.json');
    rig = await openRig({}, { overrides: { keyFile: undefined } as never });
    await expect(rig.store.whoami(rig)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      hint: expect.stringContaining('gcloud auth application-default login'),
    });
  });
});
