import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { plugin as forcedUpdate } from '../../src/reloads/docker-service/index.ts';
import { openReload } from '../reloads/open-reload.ts';
import { openGivenStore } from './given-store.ts';
import { freshSwarmName, openTestSwarm, type TestSwarm } from './swarm.ts';
import { withServer } from './with-server.ts';

/**
 * With KEYTURN_TEST_DOCKER_ADDRESS, a manager of a swarm that nobody needs (`unix:///var/run/docker.sock`), and
 * KEYTURN_TEST_DOCKER_IMAGE, an image whose container keeps running; or with KEYTURN_TEST_DOCKER_START=1, as root on Debian.
 */
withServer('docker', ({ url: address, image }) => {
  const { signal } = new AbortController();
  const [name, web, worker] = [freshSwarmName(), freshSwarmName(), freshSwarmName()];
  const slot: Slot = { ref: name, fields: [''] };
  const fresh = () => ({ '': new Secret(`kt-${randomBytes(18).toString('base64url')}`) });
  const writing = (): WriteContext => ({ signal, rotationId: 'test', idempotencyToken: randomUUID() });
  let swarm: TestSwarm;
  let store: Store;
  let first = '';

  beforeAll(async () => {
    swarm = await openTestSwarm(address, image);
    store = await openGivenStore('docker', { address });
    first = await swarm.makeSecret(name, 'first');
    for (const service of [web, worker]) await swarm.makeService(service, { id: first, name });
  });
  afterAll(async () => {
    await store.close?.();
    await swarm.close();
  });

  const secretsIn = async (): Promise<readonly (string | undefined)[]> => {
    const mounts = [...(await swarm.mountsIn(web)), ...(await swarm.mountsIn(worker))];
    return mounts.map(({ SecretID, File }) => (File?.['Name'] === 'key' ? SecretID : undefined));
  };

  describe('a swarm secret', () => {
    it('is replaced in every service, put back, replaced again, and removed at the end', async () => {
      const { attributes } = await store.whoami({ signal });
      expect(attributes).toMatchObject({ swarm: expect.any(String), node: expect.any(String) });
      const { findings } = await store.preflight(slot, { signal });
      expect(findings.map(({ severity }) => severity)).toEqual(['info']);

      const before = await store.read(slot, { signal });
      expect(before).toMatchObject({ version: first, fields: {} });
      const pushed = fresh();
      const receipt = await store.write(slot, pushed, before?.version, writing());
      expect(await secretsIn()).toEqual([receipt.version, receipt.version]);
      await expect(store.write(slot, fresh(), before?.version, writing())).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      await store.tidy?.(slot, { replaced: before?.version, receipt }, writing());
      expect(await swarm.secretNames()).not.toContain(name);
    });

    it('can be put back until then', async () => {
      const before = await store.read(slot, { signal });
      const pushed = fresh();
      const receipt = await store.write(slot, pushed, before?.version, writing());
      await store.restore(slot, { before: before?.version, values: undefined, receipt, pushed }, writing());
      expect(await secretsIn()).toEqual([before?.version, before?.version]);
      expect((await swarm.secretNames()).filter((each) => each.startsWith(name))).toHaveLength(1);
    });

    it('that is too large is refused by both of us alike', async () => {
      await expect(swarm.makeSecret(`${name}-large`, 'x'.repeat(512_000))).rejects.toMatchObject({
        code: 'LIMIT_REACHED',
      });
      await swarm.makeSecret(`${name}_large`, 'x'.repeat(511_999));
    });
  });

  describe('a forced update', () => {
    it('is over when its new tasks run', async () => {
      const options = { address, services: [web, worker], interval: '500ms' };
      const { run } = await openReload(forcedUpdate, options, { realTime: true, timeoutMs: 120_000 });
      await expect(run()).resolves.toEqual({
        services: [`${web}: 1 of 1 new tasks run`, `${worker}: 1 of 1 new tasks run`],
      });
    });
  });
});
