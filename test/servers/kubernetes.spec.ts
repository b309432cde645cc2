import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { plugin as rollout } from '../../src/reloads/kubernetes-rollout/index.ts';
import { openReload } from '../reloads/open-reload.ts';
import { openGivenStore } from './given-store.ts';
import { freshName, openTestNamespace, type TestNamespace } from './kubernetes-namespace.ts';
import { withServer } from './with-server.ts';

/** With KEYTURN_TEST_KUBECONFIG, a kubeconfig, and KEYTURN_TEST_KUBERNETES_NAMESPACE, a namespace that nobody needs. */
withServer('kubernetes', ({ url: kubeconfig }) => {
  const namespace = process.env['KEYTURN_TEST_KUBERNETES_NAMESPACE'] ?? '';
  const { signal } = new AbortController();
  const name = freshName();
  const slot: Slot = { ref: `${namespace}/${name}`, fields: ['API_KEY'] };
  const fresh = () => ({ API_KEY: new Secret(`kt-${randomBytes(18).toString('base64url')}`) });
  const writing = (): WriteContext => ({ signal, rotationId: 'test', idempotencyToken: randomUUID() });
  let place: TestNamespace;
  let store: Store;

  beforeAll(async () => {
    place = await openTestNamespace(kubeconfig, namespace);
    store = await openGivenStore('kubernetes', { kubeconfig });
  });
  afterAll(async () => {
    await store.close?.();
    await place.close();
  });

  const names = async (deployment: string): Promise<string> => {
    const { spec } = await place.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`);
    return JSON.stringify(spec);
  };
  const absent = (secret: string) =>
    expect(place.get(`/api/v1/namespaces/${namespace}/secrets/${secret}`)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });

  describe('a Secret that can be changed', () => {
    beforeAll(() => place.makeSecret(name, { API_KEY: 'first', OTHER: 'stays' }, false));

    it('passes preflight, is written by compare-and-set, and restored', async () => {
      const { findings } = await store.preflight(slot, { signal });
      expect(findings).toEqual([]);
      const before = await store.read(slot, { signal });
      const pushed = fresh();
      const receipt = await store.write(slot, pushed, before?.version, writing());
      const after = await store.read(slot, { signal });
      expect(after?.fields['API_KEY']?.equals(pushed.API_KEY)).toBe(true);
      expect(after?.version).toBe(receipt.version);
      await expect(store.write(slot, fresh(), before?.version, writing())).rejects.toMatchObject({
        code: 'CONFLICT',
      });
      const restoration = { before: before?.version, values: before?.fields, receipt, pushed };
      await store.restore(slot, restoration, writing());
      const { data, metadata } = await place.get(`/api/v1/namespaces/${namespace}/secrets/${name}`);
      expect(data).toEqual({ API_KEY: btoa('first'), OTHER: btoa('stays') });
      expect(metadata).toMatchObject({ labels: { team: 'checkout' } });
    });

    it('says who it acts as, and refuses what is too large', async () => {
      const { attributes } = await store.whoami({ signal });
      expect(attributes).toMatchObject({
        user: expect.any(String),
        server: expect.stringMatching(/^https:/),
      });
      const large = { API_KEY: new Secret('x'.repeat(1_048_576)) };
      await expect(store.write(slot, large, undefined, writing())).rejects.toMatchObject({
        code: 'LIMIT_REACHED',
      });
    });
  });

  describe('an immutable Secret', () => {
    const [first, second] = [freshName(), freshName()];
    const fixed: Slot = { ref: `${namespace}/${first}`, fields: ['API_KEY'] };
    beforeAll(async () => {
      await place.makeSecret(first, { API_KEY: 'first', OTHER: 'stays' }, true);
      await place.makeDeployment(first, first);
      await place.makeDeployment(second, first);
    });

    it('is replaced in every workload, put back, replaced again, and removed at the end', async () => {
      const { findings } = await store.preflight(fixed, { signal });
      expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
      const before = await store.read(fixed, { signal });
      const pushed = fresh();
      const receipt = await store.write(fixed, pushed, before?.version, writing());
      expect((await store.read(fixed, { signal }))?.fields['API_KEY']?.equals(pushed.API_KEY)).toBe(true);
      const made = receipt.version?.split('@')[0] ?? '';
      for (const deployment of [first, second]) {
        const spec = await names(deployment);
        expect(spec.split(`"${made}"`)).toHaveLength(5);
        expect(spec).not.toContain(`Name":"${first}"`);
      }
      const { data } = await place.get(`/api/v1/namespaces/${namespace}/secrets/${made}`);
      expect(data).toMatchObject({ OTHER: btoa('stays') });

      await store.restore(
        fixed,
        { before: before?.version, values: before?.fields, receipt, pushed },
        writing(),
      );
      expect(await names(second)).not.toContain(made);
      await absent(made);

      const replaced = (await store.read(fixed, { signal }))?.version;
      const again = await store.write(fixed, fresh(), replaced, writing());
      await store.tidy?.(fixed, { replaced, receipt: again }, writing());
      await absent(first);
      expect((await store.read(fixed, { signal }))?.version).toBe(again.version);
    });
  });

  describe('a rollout', () => {
    const [empty, stuck] = [freshName(), freshName()];
    beforeAll(async () => {
      await place.makeDeployment(empty, name);
      await place.makeDeployment(stuck, name, 1);
    });
    const reload = (deployment: string) => {
      const options: JsonObject = { kubeconfig, namespace, workloads: [`deployment/${deployment}`] };
      return openReload(rollout, options, { realTime: true, timeoutMs: 120_000 });
    };

    it('is over when its controller has seen it', async () => {
      const { run } = await reload(empty);
      await expect(run()).resolves.toMatchObject({ workloads: [expect.stringContaining('all available')] });
    });

    it('whose pods do not come up fails at its deadline', async () => {
      const { run } = await reload(stuck);
      await expect(run()).rejects.toMatchObject({
        code: 'CHECK_FAILED',
        message: expect.stringContaining('progress deadline exceeded'),
      });
    });
  });
});
