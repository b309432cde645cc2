import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { openRig, type Rig } from './aws-iam-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

describe('a change', () => {
  it('takes a while to be heard of: a new key is dead at first, a dead key live', async () => {
    const made = await rig.issuer.createKey('any', rig);
    expect(await rig.asked(made, 4)).toEqual(['dead', 'dead', 'live', 'live']);
    await rig.issuer.deactivateKey?.({ id: rig.old.id }, rig);
    expect(await rig.asked(rig.old, 4)).toEqual(['live', 'live', 'dead', 'dead']);
    await rig.issuer.activateKey?.({ id: rig.old.id }, rig);
    expect(await rig.asked(rig.old, 4)).toEqual(['dead', 'dead', 'live', 'live']);
    await rig.issuer.deleteKey?.({ id: rig.old.id }, rig);
    expect(await rig.asked(rig.old, 4)).toEqual(['live', 'live', 'dead', 'dead']);
  });

  it('is waited for until several answers agree', () => {
    expect(rig.issuer.propagation).toEqual({ confirmations: 3, intervalMs: 2000, deadlineMs: 120_000 });
  });
});

describe('a question', () => {
  it('lists both keys, over pages', async () => {
    await rig.emulator.issue();
    expect((await rig.issuer.listKeys?.(rig))?.map(({ status }) => status)).toEqual(['active', 'active']);
    const pages = rig.emulator.server.requests.filter(({ body }) => body.includes('ListAccessKeys'));
    expect(pages).toHaveLength(2);
  });

  it('tells that a key was never used, and then when and for what it was', async () => {
    expect(await rig.issuer.lastUsed?.(rig.old, rig)).toEqual({ lastUsedAt: undefined });
    await rig.asked(rig.old, 1);
    expect(await rig.issuer.lastUsed?.(rig.old, rig)).toMatchObject({
      lastUsedAt: expect.stringMatching(/^\d{4}-/),
      details: { service: 'sts' },
    });
  });

  it('names the principal by its ARN', async () => {
    expect(await rig.issuer.identify?.(rig.old.credential, rig)).toMatchObject({
      id: expect.stringMatching(/^arn:aws:iam::\d+:user\/services\/svc-checkout$/),
      details: { account: expect.stringMatching(/^\d{12}$/) },
    });
  });

  it('does not accept a key with the secret of another', async () => {
    const other = await rig.emulator.issue();
    const mixed = { ...rig.old.credential, secretAccessKey: other.credential['secretAccessKey'] };
    const attempt = rig.issuer.identify?.(mixed as typeof rig.old.credential, rig);
    await expect(attempt).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a temporary credential', () => {
  it('is refused: nobody rotates it', () => {
    const accessKeyId = new Secret(rig.old.id.replace('AKIA', 'ASIA'));
    expect(() => rig.issuer.validate({ ...rig.old.credential, accessKeyId })).toThrow(/temporary/);
  });
});

describe('the key keyturn signs with', () => {
  it('is known before the rotation, and neither switched off nor deleted by itself', async () => {
    const issuer = await rig.open({}, rig.old);
    expect(await issuer.preflight(rig.old.credential, rig)).toMatchObject([
      { severity: 'warning', code: 'REFUSED', message: expect.stringContaining('signs with') },
    ]);
    const effects = rig.emulator.effects();
    await expect(issuer.deactivateKey?.(rig.old, rig)).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(issuer.deleteKey?.(rig.old, rig)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(rig.emulator.effects()).toBe(effects);
  });

  it('tells whose keys are meant, when no user is named', async () => {
    const issuer = await rig.open({ userName: undefined }, rig.old);
    expect(await issuer.listKeys?.(rig)).toMatchObject([{ id: rig.old.id }]);
  });

  it('can be a key of another user', async () => {
    const next = await rig.emulator.issue();
    const issuer = await rig.open({}, next);
    await issuer.deactivateKey?.(rig.old, rig);
    expect(await rig.emulator.isLive(rig.old.credential)).toBe(false);
  });
});
