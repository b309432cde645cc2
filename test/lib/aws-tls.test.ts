import { afterEach, expect, it, vi } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { startParameterStoreEmulator } from '../../src/stores/aws-ssm/emulator.ts';
import { plugin } from '../../src/stores/aws-ssm/index.ts';
import { openStore } from '../stores/support/open-store.ts';
import { writing } from '../stores/support/writes.ts';
import { selfSignedCertificate } from './self-signed.ts';
import { startTlsFront } from './tls-front.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of endings.splice(0).reverse()) await end();
});

it('whether the certificate of an AWS service is looked at is not for the environment to say', async () => {
  const emulator = await startParameterStoreEmulator();
  endings.push(() => emulator.stop());
  const { endpoint } = emulator.options();
  const front = await startTlsFront(String(endpoint), selfSignedCertificate());
  endings.push(() => front.stop());
  const value = new Secret('any');
  const slot = await emulator.seed({ ref: '/prod/key', fields: [''] }, { '': value.reveal() });

  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const store = await openStore(plugin, { ...emulator.options(), endpoint: front.url }, emulator.resolve);
  endings.push(() => store.close?.());
  const ctx = writing();
  await expect(store.read(slot, ctx)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    hint: expect.stringContaining('verification is never switched off'),
  });
  await expect(store.write(slot, { '': value }, undefined, ctx)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  });
  await expect(store.whoami(ctx)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
