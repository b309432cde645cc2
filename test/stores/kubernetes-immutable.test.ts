import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { StoredSecret, WriteContext, WriteReceipt } from '../../src/core/plugins/store.ts';
import { failure } from '../../src/lib/kubernetes/emulator/status.ts';
import type { KubernetesClient } from '../../src/lib/kubernetes/kubernetes-client.ts';
import { readList } from '../../src/stores/kubernetes/read-list.ts';
import { ctx, fresh, type KubernetesRig, openKubernetesRig, refusal, SLOT } from './kubernetes-rig.ts';

let rig: KubernetesRig;
beforeEach(async () => {
  rig = await openKubernetesRig();
  rig.placeSecret({
    immutable: true,
    metadata: {
      labels: { team: 'checkout', 'app.kubernetes.io/instance': 'shop' },
      annotations: { note: 'x', 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{}}' },
    },
  });
});
afterEach(() => rig.close());

const podNaming = (secret: string): JsonObject => ({
  imagePullSecrets: [{ name: 'registry' }],
  initContainers: [{ name: 'migrate', envFrom: [{ secretRef: { name: secret } }] }],
  containers: [
    {
      name: 'app',
      env: [
        { name: 'payments', value: 'payments' },
        { name: 'KEY', valueFrom: { secretKeyRef: { name: secret, key: 'API_KEY' } } },
      ],
    },
  ],
  volumes: [
    { name: 'a', secret: { secretName: secret } },
    {
      name: 'b',
      projected: { sources: [{ configMap: { name: 'payments' } }, { secret: { name: secret } }] },
    },
    { name: 'c', secret: { secretName: 'other' } },
  ],
});

const template = (plural: string, pod: JsonObject): JsonObject =>
  plural === 'cronjobs'
    ? { jobTemplate: { spec: { template: { spec: pod } } } }
    : { template: { spec: pod } };

const placeWorkload = (plural: string, name: string, secret = 'payments'): void => {
  const { objects } = rig.emulator.cluster;
  objects.put(plural, { metadata: { namespace: 'shop', name }, spec: template(plural, podNaming(secret)) });
};

const specOf = (plural: string, name: string): unknown =>
  rig.emulator.cluster.objects.get(plural, 'shop', name)?.['spec'];

const nameIn = ({ version }: WriteReceipt | StoredSecret): string => version?.split('@')[0] ?? '';

/** Refuses the write with this number, from 1, and lets all others through. */
const refuseWrite = (number: number, kind: 'cut' | 'status'): void => {
  let writes = 0;
  rig.emulator.cluster.server.onWrite((moment) => {
    if (moment === 'after') writes += 1;
    if (moment !== 'after' || writes !== number - 1) return;
    rig.emulator.inject?.({ on: 'write', ...(kind === 'cut' ? { kind } : { kind, status: 403 }) });
  });
};

describe('an immutable Secret', () => {
  const kinds = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs'];

  it('is replaced by one with another name, in every workload that names it', async () => {
    for (const plural of kinds) placeWorkload(plural, 'checkout');
    placeWorkload('deployments', 'stranger', 'other');
    const before = await rig.store.read(SLOT, ctx);
    const pushed = fresh();
    const receipt = await rig.store.write(SLOT, pushed, before?.version, ctx);

    const made = nameIn(receipt);
    expect(made).toMatch(/^payments-[0-9a-f]{10}$/);
    expect(rig.secret(made)).toMatchObject({
      immutable: true,
      type: 'Opaque',
      data: { API_KEY: pushed.API_KEY.reveal(), OTHER: 'stays' },
      metadata: { labels: { team: 'checkout' }, annotations: { note: 'x' } },
    });
    expect(JSON.stringify(rig.secret(made)?.metadata)).not.toMatch(/last-applied|instance/);
    for (const plural of kinds) expect(specOf(plural, 'checkout')).toEqual(template(plural, podNaming(made)));
    expect(specOf('deployments', 'stranger')).toEqual(template('deployments', podNaming('other')));
    expect(rig.secret()?.data['API_KEY']).toBe('old');
    const after = await rig.store.read(SLOT, ctx);
    expect(after?.fields['API_KEY']?.equals(pushed.API_KEY)).toBe(true);
    expect(after?.version).toBe(receipt.version);
  });

  it('that no workload names is not pushed to, and preflight says so', async () => {
    expect(await rig.errors()).toEqual(['REFUSED']);
    expect((await refusal(rig.store.write(SLOT, fresh(), undefined, ctx))).code).toBe('REFUSED');
    expect(rig.emulator.effects()).toBe(0);
  });

  it('is replaced only where the config says so, when it does', async () => {
    for (const name of ['checkout', 'billing']) placeWorkload('deployments', name);
    const named = await rig.open({ workloads: ['deployment/checkout', 'tools/deployment/absent'] });
    await named.write(SLOT, fresh(), undefined, ctx);
    expect(specOf('deployments', 'checkout')).not.toEqual(template('deployments', podNaming('payments')));
    expect(specOf('deployments', 'billing')).toEqual(template('deployments', podNaming('payments')));
    const wrong = await rig.open({ workloads: ['statefulset/absent'] });
    expect(await rig.errors(wrong)).toEqual(['NOT_FOUND']);
  });

  it('passes a preflight that changes nothing, and tells what a push will restart', async () => {
    placeWorkload('deployments', 'checkout');
    const { findings } = await rig.store.preflight(SLOT, ctx);
    expect(findings).toMatchObject([
      { severity: 'info', message: expect.stringContaining('deployment/checkout') },
    ]);
    expect(rig.emulator.effects()).toBe(0);
  });

  it.each(['create secrets', 'patch deployments', 'delete secrets', 'list pods'])(
    'is not begun without the permission to %s',
    async (permission) => {
      placeWorkload('deployments', 'checkout');
      rig.emulator.cluster.denied.add(permission);
      expect(await rig.errors()).toEqual(['PERMISSION_DENIED']);
    },
  );

  it('is not replaced once its workloads name another one', async () => {
    placeWorkload('deployments', 'checkout');
    const before = await rig.store.read(SLOT, ctx);
    await rig.store.write(SLOT, fresh(), before?.version, ctx);
    const late = rig.store.write(SLOT, fresh(), before?.version, { ...ctx, idempotencyToken: randomUUID() });
    expect((await refusal(late)).code).toBe('CONFLICT');
  });

  it('leaves a workload alone that was changed meanwhile, and takes back what it has made', async () => {
    placeWorkload('deployments', 'checkout');
    rig.emulator.cluster.server.onWrite((moment) => {
      if (moment === 'after') placeWorkload('deployments', 'checkout', 'by-hand');
    });
    expect((await refusal(rig.store.write(SLOT, fresh(), undefined, ctx))).code).toBe('CONFLICT');
    expect(specOf('deployments', 'checkout')).toEqual(template('deployments', podNaming('by-hand')));
    expect(rig.emulator.cluster.objects.list('secrets', 'shop')).toHaveLength(1);
  });

  it('is told without the values of others that a webhook repeats', async () => {
    placeWorkload('deployments', 'checkout');
    const words = `admission webhook "x" denied the request: ${btoa('stays-secret')}, stays-secret`;
    rig.placeSecret({ immutable: true, data: { API_KEY: btoa('old'), OTHER: btoa('stays-secret') } });
    rig.emulator.cluster.admit = (plural) => (plural === 'secrets' ? failure(403, words) : undefined);
    const { findings } = await rig.store.preflight(SLOT, ctx);
    const { message } = await refusal(rig.store.write(SLOT, fresh(), undefined, ctx));
    expect(message).toContain('denied the request');
    for (const text of [JSON.stringify(findings), message])
      for (const value of ['stays-secret', btoa('stays-secret')]) expect(text).not.toContain(value);
  });

  it('keeps what it has made when a workload names it after all', async () => {
    for (const name of ['billing', 'checkout']) placeWorkload('deployments', name);
    const { objects, server } = rig.emulator.cluster;
    // The request of an attempt that was cut lands late; the same switch is then refused.
    server.onWrite((moment) => {
      const made = objects.list('secrets', 'shop').find(({ metadata }) => metadata.name !== 'payments');
      if (moment === 'after' && made !== undefined)
        placeWorkload('deployments', 'billing', made.metadata.name);
    });
    expect((await refusal(rig.store.write(SLOT, fresh(), undefined, ctx))).code).toBe('CONFLICT');
    expect(objects.list('secrets', 'shop')).toHaveLength(2);
  });

  it('that a quota holds back was not made by somebody else', async () => {
    placeWorkload('deployments', 'checkout');
    const words = 'Operation cannot be fulfilled on resourcequotas "shop": the object has been modified';
    rig.emulator.cluster.admit = (plural) => (plural === 'secrets' ? failure(409, words) : undefined);
    const error = await refusal(rig.store.write(SLOT, fresh(), undefined, ctx));
    expect(error).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('resourcequotas') });
  });

  it('whose workloads name several that do not replace each other is left to a person', async () => {
    const annotations = { 'keyturn.dev/slot': 'payments', 'keyturn.dev/replaces': 'payments-ffffffffff' };
    rig.placeSecret({ immutable: true, metadata: { annotations } }, 'payments-0123456789');
    placeWorkload('deployments', 'checkout');
    placeWorkload('deployments', 'billing', 'payments-0123456789');
    expect((await refusal(rig.store.read(SLOT, ctx))).code).toBe('DRIFT');
    expect(await rig.errors()).toEqual(['DRIFT']);
  });
});

describe('a switch that was cut in half', () => {
  const begin = async (kind: 'cut' | 'status') => {
    for (const name of ['billing', 'checkout']) placeWorkload('deployments', name);
    const before = await rig.store.read(SLOT, ctx);
    const pushed = fresh();
    // Its writes: the Secret, the first workload, the second one.
    refuseWrite(3, kind);
    const error = await refusal(rig.store.write(SLOT, pushed, before?.version, ctx));
    rig.emulator.cluster.server.onWrite(undefined);
    return { before, pushed, error };
  };

  it.each(['cut', 'status'] as const)('by a %s is neither the old key nor the new one', async (kind) => {
    const { error } = await begin(kind);
    expect(error.code).toBe('INDETERMINATE');
    const found = await rig.store.read(SLOT, ctx);
    expect(found?.unsettled).toBe(true);
    expect(found?.fields['API_KEY']?.reveal()).toBe('old');
  });

  it('goes on to its end, with the Secret it has made', async () => {
    const { before, pushed } = await begin('cut');
    const receipt = await rig.store.write(SLOT, pushed, before?.version, ctx);
    for (const name of ['billing', 'checkout'])
      expect(specOf('deployments', name)).toEqual(template('deployments', podNaming(nameIn(receipt))));
    expect((await rig.store.read(SLOT, ctx))?.unsettled).toBeUndefined();
    expect(rig.emulator.cluster.objects.list('secrets', 'shop')).toHaveLength(2);
  });

  it('goes back too', async () => {
    const { before, pushed } = await begin('cut');
    const restoration = { before: before?.version, values: before?.fields, receipt: undefined, pushed };
    await rig.store.restore(SLOT, restoration, ctx);
    for (const name of ['billing', 'checkout'])
      expect(specOf('deployments', name)).toEqual(template('deployments', podNaming('payments')));
    expect(rig.emulator.cluster.objects.list('secrets', 'shop')).toHaveLength(1);
  });

  it('that made the Secret and nothing else is begun again', async () => {
    placeWorkload('deployments', 'checkout');
    const before = await rig.store.read(SLOT, ctx);
    const pushed = fresh();
    rig.emulator.inject?.({ kind: 'lost-answer', on: 'write' });
    expect((await refusal(rig.store.write(SLOT, pushed, before?.version, ctx))).code).toBe('INDETERMINATE');
    await rig.store.write(SLOT, pushed, before?.version, ctx);
    expect((await rig.store.read(SLOT, ctx))?.fields['API_KEY']?.equals(pushed.API_KEY)).toBe(true);
  });

  it('before its first workload leaves nothing behind', async () => {
    placeWorkload('deployments', 'checkout');
    rig.emulator.cluster.admit = (plural) =>
      plural === 'deployments' ? failure(403, 'admission webhook "x" denied the request: no') : undefined;
    expect((await refusal(rig.store.write(SLOT, fresh(), undefined, ctx))).code).toBe('REFUSED');
    expect(rig.emulator.cluster.objects.list('secrets', 'shop')).toHaveLength(1);
  });
});

describe('what a push has made that was cut before its first workload', () => {
  const begin = async () => {
    placeWorkload('deployments', 'checkout');
    const before = await rig.store.read(SLOT, ctx);
    rig.emulator.inject?.({ kind: 'lost-answer', on: 'write' });
    await refusal(rig.store.write(SLOT, fresh(), before?.version, ctx));
    expect(names()).toHaveLength(2);
    return { before, made: names().find((name) => name !== 'payments') ?? '' };
  };
  const names = (): string[] =>
    rig.emulator.cluster.objects.list('secrets', 'shop').map(({ metadata }) => metadata.name);
  const abandon = async (call: WriteContext = ctx): Promise<void> => rig.store.abandon?.(SLOT, call);

  it('is removed, once and for all, and what is live stays', async () => {
    const { before } = await begin();
    await abandon();
    await abandon();
    expect(names()).toEqual(['payments']);
    expect((await rig.store.read(SLOT, ctx))?.version).toBe(before?.version);
  });

  it.each([
    ['another push', { idempotencyToken: randomUUID() }],
    ['another rotation', { rotationId: 'rot-2' }],
  ])('is left alone by %s', async (_whose, other) => {
    await begin();
    await abandon({ ...ctx, ...other });
    expect(names()).toHaveLength(2);
  });

  it.each([
    ['no annotation', {}],
    ['the annotations of another slot', { slot: 'orders', replaces: 'payments', rotation: 'rot-1' }],
    ['replaced another', { slot: 'payments', replaces: 'payments-ffffffffff', rotation: 'rot-1' }],
  ])('is not taken for one of the same name that has %s', async (_what, marks) => {
    const { made } = await begin();
    const annotations = Object.fromEntries(
      Object.entries(marks).map(([mark, text]) => [`keyturn.dev/${mark}`, text]),
    );
    rig.placeSecret({ immutable: true, metadata: { annotations } }, made);
    await abandon();
    expect(names()).toHaveLength(2);
  });

  it('is kept while a pod names it, and told', async () => {
    const { made } = await begin();
    const { objects } = rig.emulator.cluster;
    const metadata = { namespace: 'shop', name: 'by-hand' };
    objects.put('pods', { metadata, spec: podNaming(made), status: { phase: 'Running' } });
    const { code, message } = await refusal(abandon());
    expect(code).toBe('REFUSED');
    expect(message).toContain('pod/by-hand');
    expect(names()).toHaveLength(2);
    objects.put('pods', { metadata, spec: podNaming(made), status: { phase: 'Succeeded' } });
    await abandon();
    expect(names()).toEqual(['payments']);
  });

  it('is kept when a workload names it after all: then the slot is between two states', async () => {
    const { made } = await begin();
    placeWorkload('deployments', 'billing', made);
    expect((await rig.store.read(SLOT, ctx))?.unsettled).toBe(true);
    expect((await refusal(abandon())).message).toContain('deployment/billing');
    expect(names()).toHaveLength(2);
  });

  it('is nothing where the Secret can be changed, or is gone', async () => {
    const effects = rig.emulator.effects();
    rig.placeSecret({});
    await abandon();
    rig.emulator.cluster.objects.delete('secrets', 'shop', 'payments');
    await abandon();
    expect(rig.emulator.effects()).toBe(effects);
  });
});

it('nothing counts as unused on the word of an answer that is no list', async () => {
  const answering = (answer: JsonObject): KubernetesClient => ({
    name: 'prod',
    server: '',
    context: '',
    ask: async () => answer,
    close: () => {},
  });
  const list = (answer: JsonObject) =>
    readList(answering(answer), '/api/v1/namespaces/shop/pods', ctx.signal);
  expect((await refusal(list({ kind: 'Status' }))).code).toBe('UNAVAILABLE');
  expect((await refusal(list({ kind: 'PodList', items: {} }))).code).toBe('UNAVAILABLE');
  expect(await list({ kind: 'PodList', metadata: {}, items: null })).toEqual([]);
});

describe('the way back and the end', () => {
  const push = async () => {
    placeWorkload('deployments', 'checkout');
    const before = await rig.store.read(SLOT, ctx);
    const pushed = fresh();
    const receipt = await rig.store.write(SLOT, pushed, before?.version, ctx);
    return {
      receipt,
      restoration: { before: before?.version, values: before?.fields, receipt, pushed },
      finished: { replaced: before?.version, receipt },
    };
  };
  const placePod = (secret: string, phase: string): void => {
    const { objects } = rig.emulator.cluster;
    objects.put('pods', {
      metadata: { namespace: 'shop', name: 'job-1' },
      spec: podNaming(secret),
      status: { phase },
    });
  };

  it('points the workloads back, and removes what the push has made', async () => {
    const { receipt, restoration } = await push();
    await rig.store.restore(SLOT, restoration, ctx);
    expect(specOf('deployments', 'checkout')).toEqual(template('deployments', podNaming('payments')));
    expect(rig.secret(nameIn(receipt))).toBeUndefined();
    expect((await rig.store.read(SLOT, ctx))?.version).toBe(restoration.before);
  });

  it('is gone to its end, although the removal failed at first', async () => {
    const { receipt, restoration } = await push();
    rig.emulator.cluster.denied.add('delete secrets');
    expect((await refusal(rig.store.restore(SLOT, restoration, ctx))).code).toBe('PERMISSION_DENIED');
    expect(rig.secret(nameIn(receipt))).toBeDefined();
    rig.emulator.cluster.denied.clear();
    await rig.store.restore(SLOT, restoration, ctx);
    expect(rig.secret(nameIn(receipt))).toBeUndefined();
    expect(rig.secret()).toBeDefined();
  });

  it('is gone to its end where the slot shows the old value again already', async () => {
    const { receipt, restoration } = await push();
    rig.emulator.cluster.denied.add('delete secrets');
    await refusal(rig.store.restore(SLOT, restoration, ctx));
    expect((await rig.store.read(SLOT, ctx))?.version).toBe(restoration.before);
    rig.emulator.cluster.denied.clear();
    await rig.store.abandon?.(SLOT, ctx);
    expect(rig.secret(nameIn(receipt))).toBeUndefined();
    expect(rig.secret()).toBeDefined();
  });

  it('is no way back to a Secret that somebody has removed', async () => {
    const { restoration } = await push();
    rig.emulator.cluster.objects.delete('secrets', 'shop', 'payments');
    expect((await refusal(rig.store.restore(SLOT, restoration, ctx))).code).toBe('REFUSED');
  });

  it('is no way back over the push of another rotation', async () => {
    const { restoration } = await push();
    const current = await rig.store.read(SLOT, ctx);
    await rig.store.write(SLOT, fresh(), current?.version, { ...ctx, idempotencyToken: randomUUID() });
    expect((await refusal(rig.store.restore(SLOT, restoration, ctx))).code).toBe('DRIFT');
  });

  it('removes the replaced Secret, once and for all, and the next rotation goes on from there', async () => {
    const { receipt, finished } = await push();
    await rig.store.tidy?.(SLOT, finished, ctx);
    await rig.store.tidy?.(SLOT, finished, ctx);
    expect(rig.secret()).toBeUndefined();
    expect(await rig.errors()).toEqual([]);

    const next = await rig.store.read(SLOT, ctx);
    expect(next?.version).toBe(receipt.version);
    const token = { ...ctx, idempotencyToken: randomUUID() };
    const again = await rig.store.write(SLOT, fresh(), next?.version, token);
    await rig.store.tidy?.(SLOT, { replaced: next?.version, receipt: again }, token);
    expect(rig.secret(nameIn(receipt))).toBeUndefined();
    expect(rig.secret(nameIn(again))).toBeDefined();
  });

  it('keeps the replaced Secret while a pod or a workload names it', async () => {
    const { finished } = await push();
    placePod('payments', 'Running');
    expect(await refusal(rig.store.tidy?.(SLOT, finished, ctx) ?? Promise.resolve())).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('pod/job-1'),
    });
    rig.emulator.cluster.objects.delete('pods', 'shop', 'job-1');
    placeWorkload('cronjobs', 'nightly');
    await expect(rig.store.tidy?.(SLOT, finished, ctx)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(rig.secret()).toBeDefined();
  });

  it('removes the replaced Secret although pods that have ended named it', async () => {
    const { finished } = await push();
    placePod('payments', 'Succeeded');
    await rig.store.tidy?.(SLOT, finished, ctx);
    expect(rig.secret()).toBeUndefined();
  });

  it('leaves a Secret alone that somebody has made under the old name since', async () => {
    const { finished } = await push();
    rig.emulator.cluster.objects.delete('secrets', 'shop', 'payments');
    rig.placeSecret({});
    await rig.store.tidy?.(SLOT, finished, ctx);
    expect(rig.secret()).toBeDefined();
  });

  it('leaves an immutable Secret alone, too, that was made again after the push', async () => {
    const { receipt, finished } = await push();
    rig.emulator.cluster.objects.delete('secrets', 'shop', 'payments');
    rig.placeSecret({ immutable: true });
    const made = rig.emulator.cluster.objects.get('secrets', 'shop', nameIn(receipt));
    if (made === undefined) throw new Error('the push has made nothing');
    Object.assign(made.metadata, { creationTimestamp: '2020-01-01T00:00:00Z' });
    await rig.store.tidy?.(SLOT, finished, ctx);
    expect(rig.secret()).toBeDefined();
  });

  it('goes back to the Secret that was live before the push, and to no other', async () => {
    const { restoration } = await push();
    const elsewhere = { ...restoration, before: 'payments-ffffffffff@1' };
    expect((await refusal(rig.store.restore(SLOT, elsewhere, ctx))).code).toBe('DRIFT');
  });

  it('removes nothing that keyturn has not replaced', async () => {
    const { finished } = await push();
    rig.placeSecret({ immutable: true }, 'theirs');
    const effects = rig.emulator.effects();
    const { replaced } = finished;
    for (const version of ['theirs@1', 'absent@1', '1', undefined])
      await rig.store.tidy?.(SLOT, { replaced, receipt: { version } }, ctx);
    for (const another of ['theirs@1', '1', undefined])
      await rig.store.tidy?.(SLOT, { ...finished, replaced: another }, ctx);
    expect(rig.emulator.effects()).toBe(effects);
  });
});
