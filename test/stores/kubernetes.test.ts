import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { Secret } from '../../src/core/secret.ts';
import { failure } from '../../src/lib/kubernetes/emulator/status.ts';
import { kubernetesError } from '../../src/lib/kubernetes/kubernetes-error.ts';
import { ctx, fresh, type KubernetesRig, openKubernetesRig, refusal, SLOT } from './kubernetes-rig.ts';

let rig: KubernetesRig;
beforeEach(async () => {
  rig = await openKubernetesRig();
});
afterEach(() => rig.close());

describe('a Secret', () => {
  it('keeps its other keys, labels, annotations and type', async () => {
    rig.placeSecret({
      type: 'example.com/key',
      metadata: { labels: { team: 'checkout' }, annotations: { note: 'x' } },
    });
    const pushed = fresh();
    await rig.store.write(SLOT, pushed, undefined, ctx);
    expect(rig.secret()).toMatchObject({
      type: 'example.com/key',
      metadata: { labels: { team: 'checkout' }, annotations: { note: 'x' } },
      data: { API_KEY: pushed.API_KEY.reveal(), OTHER: 'stays' },
    });
  });

  it('is not written once anything in it has changed, even a label', async () => {
    rig.placeSecret({});
    const before = await rig.store.read(SLOT, ctx);
    rig.placeSecret({ metadata: { labels: { team: 'billing' } } });
    expect((await refusal(rig.store.write(SLOT, fresh(), before?.version, ctx))).code).toBe('CONFLICT');
    expect(rig.secret()?.data['API_KEY']).toBe('old');
  });

  it('is not written on the version of an immutable one that it has taken the place of', async () => {
    rig.placeSecret({});
    const before = await rig.store.read(SLOT, ctx);
    const late = rig.store.write(SLOT, fresh(), `payments@${before?.version}`, ctx);
    expect((await refusal(late)).code).toBe('CONFLICT');
    expect(rig.secret()?.data['API_KEY']).toBe('old');
  });

  it('loses a key again that the push has added', async () => {
    rig.placeSecret({ data: { OTHER: btoa('stays') } });
    const before = await rig.store.read(SLOT, ctx);
    const pushed = fresh();
    const receipt = await rig.store.write(SLOT, pushed, before?.version, ctx);
    const restoration = { before: before?.version, values: before?.fields, receipt, pushed };
    await rig.store.restore(SLOT, restoration, ctx);
    expect(rig.secret()?.data).toEqual({ OTHER: 'stays' });
  });

  it('is not restored without its old value', async () => {
    rig.placeSecret({});
    const pushed = fresh();
    const receipt = await rig.store.write(SLOT, pushed, undefined, ctx);
    const restoration = { before: undefined, values: undefined, receipt, pushed };
    expect((await refusal(rig.store.restore(SLOT, restoration, ctx))).code).toBe('REFUSED');
    expect(rig.secret()?.data['API_KEY']).toBe(pushed.API_KEY.reveal());
  });

  it('that holds bytes which are no text is left alone', async () => {
    rig.placeSecret({ data: { API_KEY: Buffer.from([0xff, 0x00, 0xfe]).toString('base64') } });
    expect((await refusal(rig.store.read(SLOT, ctx))).code).toBe('REFUSED');
    expect(await rig.errors()).toEqual(['REFUSED']);
  });

  it('is not written past the size that all its values may have together', async () => {
    rig.placeSecret({ data: { API_KEY: btoa('old'), OTHER: btoa('x'.repeat(1_048_000)) } });
    const large = { API_KEY: new Secret('y'.repeat(1000)) };
    expect((await refusal(rig.store.write(SLOT, large, undefined, ctx))).code).toBe('LIMIT_REACHED');
  });

  it.each([
    ['payments', ['API_KEY']],
    ['Shop/Payments', ['API_KEY']],
    ['shop/payments/key', ['API_KEY']],
    ['shop/payments', ['']],
    ['shop/payments', ['a b']],
  ])('cannot be %s with %j', async (ref, fields) => {
    const { findings } = await rig.store.preflight({ ref, fields }, ctx);
    expect(findings).toMatchObject([{ severity: 'error', code: 'CONFIG_INVALID' }]);
    expect(rig.emulator.cluster.server.requests).toEqual([]);
  });
});

describe('preflight', () => {
  it('lets the server try the write, and keep nothing of it', async () => {
    rig.placeSecret({});
    expect(await rig.errors()).toEqual([]);
    const patches = rig.emulator.cluster.server.requests.filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ query }) => query.get('dryRun'))).toEqual(['All']);
    expect(rig.emulator.effects()).toBe(0);
  });

  it('finds a missing permission to write', async () => {
    rig.placeSecret({});
    rig.emulator.cluster.denied.add('patch secrets');
    expect(await rig.errors()).toEqual(['PERMISSION_DENIED']);
  });

  it('finds what an admission webhook refuses', async () => {
    rig.placeSecret({});
    rig.emulator.cluster.admit = () =>
      failure(403, 'admission webhook "vault.example.com" denied the request: frozen');
    expect(await rig.errors()).toEqual(['REFUSED']);
  });

  it.each<[string, JsonObject]>([
    ['a controller', { ownerReferences: [{ kind: 'ExternalSecret', name: 'payments', controller: true }] }],
    ['External Secrets', { labels: { 'reconcile.external-secrets.io/created-by': 'f00' } }],
    ['the Vault operator', { labels: { 'secrets.hashicorp.com/vso-ownerRefUID': 'f00' } }],
    ['Reflector', { annotations: { 'reflector.v1.k8s.emberstack.com/reflects': 'tools/payments' } }],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }],
  ])('refuses a Secret that %s would put back', async (_keeper, metadata) => {
    rig.placeSecret({ metadata });
    expect(await rig.errors()).toEqual(['REFUSED']);
  });

  it.each<[string, JsonObject]>([
    ['Argo CD tracks', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/Secret:shop/payments' } }],
    ['belongs to a Helm release', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }],
  ])('warns of a Secret that %s', async (_what, metadata) => {
    rig.placeSecret({ metadata });
    const { findings } = await rig.store.preflight(SLOT, ctx);
    expect(findings).toMatchObject([{ severity: 'warning', code: 'REFUSED' }]);
  });

  it('takes a Secret that Flux leaves alone, and an owner that only cleans up', async () => {
    rig.placeSecret({
      metadata: {
        labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' },
        annotations: { 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' },
        ownerReferences: [{ kind: 'Deployment', name: 'checkout' }],
      },
    });
    expect((await rig.store.preflight(SLOT, ctx)).findings).toEqual([]);
  });
});

describe('an error of the server', () => {
  it('that a list has grown too old between two pages is no word on what is in it: it is read again', () => {
    const body = JSON.stringify({
      kind: 'Status',
      reason: 'Expired',
      message: 'The continue parameter is too old',
    });
    const about = { subject: 'prod', action: 'list pods', effect: 'read' } as const;
    const error = kubernetesError({ status: 410, headers: {}, body }, about);
    expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it('that repeats the whole object is not quoted', async () => {
    const value = 'the-value-in-it';
    rig.placeSecret({});
    rig.emulator.cluster.admit = () =>
      failure(
        422,
        ` "" is invalid: patch: Invalid value: "{\\"data\\":{\\"API_KEY\\":\\"${value}\\"}}": bad`,
      );
    const error = await refusal(rig.store.write(SLOT, fresh(), undefined, ctx));
    expect(error.code).toBe('REFUSED');
    expect(error.message).not.toContain(value);
  });
});
