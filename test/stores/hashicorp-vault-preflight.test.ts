import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Slot, SlotReport } from '../../src/core/plugins/store.ts';
import { fresh, openVaultRig, SLOT, V1_SLOT, type VaultRig } from './hashicorp-vault-rig.ts';

let rig: VaultRig;
beforeEach(async () => {
  rig = await openVaultRig();
  await rig.emulator.seed(SLOT, fresh(SLOT));
});
afterEach(() => rig.close());

const inspect = (slot: Slot = SLOT): Promise<SlotReport> => rig.store.preflight(slot, rig.ctx);
const only = ({ findings }: SlotReport): Finding | undefined => {
  expect(findings).toHaveLength(1);
  return findings[0];
};

describe('a healthy slot', () => {
  it('has nothing to report on version 2', async () => {
    expect(await inspect()).toEqual({ findings: [], restore: 'version', cas: true });
  });

  it('is told what version 1 lacks', async () => {
    await rig.emulator.seed(V1_SLOT, fresh(V1_SLOT));
    const report = await inspect(V1_SLOT);
    expect(report).toMatchObject({ restore: 'value', cas: false });
    expect(only(report)).toMatchObject({ severity: 'info' });
  });

  it('needs no more than read and update, and read on its metadata', async () => {
    rig.emulator.state.policy = {
      'secret/data/apps/ci': ['read', 'update'],
      'secret/metadata/apps/ci': ['read'],
    };
    rig.emulator.kvOf(SLOT).put('apps/ci', new Map([['api_key', '"again"']]));
    expect(await inspect()).toEqual({ findings: [], restore: 'version', cas: true });
  });
});

describe('a mount whose version the config has wrong', () => {
  it('cannot be read, which is told beside whatever else is', async () => {
    const store = await rig.open({ mounts: { secret: 1 } });
    const report = await store.preflight(SLOT, rig.ctx);
    expect(report).toMatchObject({ restore: 'none', cas: false });
    expect(only(report)).toMatchObject({
      severity: 'error',
      code: 'NOT_FOUND',
      message: expect.stringContaining('Invalid path'),
    });
  });
});

describe('the server', () => {
  it.each([
    ['sealed', () => ({ sealed: true }), 'error'],
    ['a disaster-recovery secondary', () => ({ healthStatus: 472 }), 'error'],
    ['not initialised', () => ({ healthStatus: 501 }), 'error'],
  ] as const)('is %s: one finding, and no look at the slot', async (_what, state, severity) => {
    Object.assign(rig.emulator.state, state());
    expect(only(await inspect())).toMatchObject({ severity, code: 'UNAVAILABLE', subject: 'vault-prod' });
    expect(rig.traffic()).toEqual(['GET /sys/health?standbyok=true&perfstandbyok=true']);
  });

  it.each([429, 473])('is a standby (%i) that hands requests on: no reason to stop', async (healthStatus) => {
    rig.emulator.state.healthStatus = healthStatus;
    expect((await inspect()).findings).toEqual([]);
  });

  it('is not reached: the finding says so', async () => {
    rig.emulator.inject?.({ kind: 'cut', on: 'any', times: 9 });
    expect(only(await inspect())).toMatchObject({ severity: 'error', code: 'UNAVAILABLE' });
  });

  it('is asked about itself once for all slots', async () => {
    await Promise.all([inspect(), inspect(), inspect()]);
    expect(rig.traffic().filter((line) => /health|lookup-self/.test(line))).toHaveLength(2);
  });
});

describe('the token', () => {
  it('has a number of uses', async () => {
    const token = rig.emulator.tokens.live()[0];
    if (token !== undefined) token.usesLeft = 50;
    expect(only(await inspect())).toMatchObject({ severity: 'error', code: 'REFUSED' });
    await expect(rig.store.whoami(rig.ctx)).rejects.toMatchObject({ code: 'REFUSED' });
  });

  it('will soon expire, and is somebody else’s', async () => {
    const token = rig.emulator.tokens.live()[0];
    if (token !== undefined) token.expiresAt = Date.parse('2026-03-01T12:20:00Z');
    expect(only(await inspect())).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('20 minutes'),
    });
  });

  it('is dead', async () => {
    rig.emulator.tokens.revokeAll();
    expect(only(await inspect())).toMatchObject({ severity: 'error', code: 'UNAUTHENTICATED' });
  });
});

describe('permissions', () => {
  it('that are lacking are all named at once', async () => {
    rig.emulator.state.policy = { 'secret/metadata/*': ['read'] };
    const { findings } = await inspect();
    expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'error PERMISSION_DENIED',
      'error PERMISSION_DENIED',
    ]);
    expect(findings.map(({ message }) => message).join()).toMatch(/`read` on `secret\/data.*`update` on/);
  });

  it('to write may be lacking alone', async () => {
    rig.emulator.state.policy = { 'secret/data/*': ['read'], 'secret/metadata/*': ['read'] };
    const { findings } = await inspect();
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ message: expect.stringContaining('`update` on `secret/data/apps/ci`') }),
    ]);
  });

  it('to see the mount may be lacking: the paths that are needed are named', async () => {
    rig.emulator.state.policy = { 'kv1/*': ['read'] };
    const { findings } = await inspect();
    expect(findings.map(({ code }) => code)).toContain('PERMISSION_DENIED');
  });

  it('to see the mount are not needed where the config names it', async () => {
    const store = await rig.open({ mounts: { secret: 2 } });
    rig.traffic();
    await store.read(SLOT, rig.ctx);
    expect(rig.traffic()).toEqual(['GET /secret/data/apps/ci']);
  });
});

describe('old versions', () => {
  it('are not kept: the old value has to be sealed', async () => {
    rig.emulator.kvOf(SLOT).settings.maxVersions = 1;
    const report = await inspect();
    expect(report.restore).toBe('value');
    expect(only(report)).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('one version'),
    });
  });

  it('may not be kept, which nobody can tell: the old value is sealed', async () => {
    rig.emulator.state.policy = { 'secret/data/*': ['read', 'update'] };
    const report = await inspect();
    expect(report.restore).toBe('value');
    expect(only(report)).toMatchObject({
      severity: 'warning',
      hint: expect.stringContaining('secret/metadata/apps/ci'),
    });
  });

  it('delete themselves', async () => {
    rig.emulator.kvOf(SLOT).settings.deleteAfterSeconds = 3600;
    await rig.emulator.overwrite(SLOT, fresh(SLOT));
    const report = await inspect();
    expect(report.restore).toBe('value');
    expect(only(report)).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/3600s.*2026-03-01T13:00:00/),
    });
    rig.advance(2 * 3600_000);
    expect(await rig.store.read(SLOT, rig.ctx)).toBeUndefined();
  });

  it('may be deleted, the current one included', async () => {
    rig.emulator.deleteCurrent(SLOT);
    expect(only(await inspect())).toEqual(
      expect.objectContaining({
        code: 'NOT_FOUND',
        hint: expect.stringContaining('-versions=1 secret/apps/ci'),
      }),
    );
  });
});

describe('spelling', () => {
  it('of the API, with data/ in it, is recognised', async () => {
    expect(only(await inspect({ ref: 'secret/data/apps/ci', fields: ['api_key'] }))).toEqual(
      expect.objectContaining({ code: 'NOT_FOUND', hint: expect.stringContaining('Leave out `data/`') }),
    );
  });

  it('without a field is refused before anything is asked', async () => {
    expect(only(await inspect({ ref: 'secret/apps/ci', fields: [''] }))).toMatchObject({
      severity: 'error',
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('`field`'),
    });
    expect(rig.traffic()).toEqual([]);
  });
});

describe('whoami', () => {
  it('tells address, namespace, identity and cluster', async () => {
    const store = await rig.open({ namespace: 'team-a', auth: { method: 'userpass', username: 'bob' } });
    const identity = await store.whoami(rig.ctx);
    expect(identity.display).toBe(`userpass-bob at ${rig.emulator.server.url} (namespace team-a)`);
    expect(identity.attributes).toEqual({
      address: rig.emulator.server.url,
      namespace: 'team-a',
      display_name: 'userpass-bob',
      entity_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      cluster: 'vault-cluster-emulated',
    });
  });
});
