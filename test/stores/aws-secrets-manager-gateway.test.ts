import { afterEach, beforeEach, expect, it } from 'vitest';
import { awsClientConfig } from '../../src/lib/aws/client-config.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { optionsSchema } from '../../src/stores/aws-secrets-manager/options.ts';
import { openSecretsApi } from '../../src/stores/aws-secrets-manager/secrets-api.ts';
import { contextFor, openRig, type Rig } from './aws-secrets-manager-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const JSON_TYPE = { 'content-type': 'application/json' };

it.each([
  [404, '', {}],
  [503, '{"message":"Service Unavailable"}', JSON_TYPE],
])(
  'a status without the name of an error (%i %j) is a gateway’s: it proves nothing',
  async (status, body, headers) => {
    const gateway = await startLoopbackServer({
      isWrite: () => false,
      handle: () => ({ status, headers, body }),
    });
    const options = optionsSchema.parse({ ...rig.emulator.options(), endpoint: gateway.url });
    const config = awsClientConfig(options, 'secretsmanager', contextFor(rig.emulator));
    const api = await openSecretsApi(config, { name: 'aws-prod', timeoutMs: 5000 });
    const move = api.goLive('a', rig.first, rig.first, rig.signal);
    try {
      await expect(move).rejects.toMatchObject({ code: 'INDETERMINATE' });
      await expect(api.describe('a', rig.signal)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    } finally {
      api.close();
      await gateway.stop();
    }
  },
);
