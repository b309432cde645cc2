import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../src/core/plugins/store.ts';
import { type ConjurRig, freshValues, ONE, openConjurRig, PAIR } from './cyberark-conjur-rig.ts';

let rig: ConjurRig;
beforeEach(async () => {
  rig = await openConjurRig();
});
afterEach(async () => {
  // Whatever preflight finds, it changes nothing.
  expect(rig.emulator.effects()).toBe(0);
  await rig.close();
});

const summary = async (slot: Slot, store = rig.store) => {
  const { findings, restore, cas } = await store.preflight(slot, rig.ctx);
  return { findings: findings.map(({ severity, code }) => `${severity} ${code}`), restore, cas };
};

describe('preflight', () => {
  it('is silent about a variable that can be written, read and restored', async () => {
    await rig.emulator.seed(PAIR, freshValues(PAIR));
    expect(await summary(PAIR)).toEqual({ findings: [], restore: 'version', cas: false });
  });

  it.each([
    { granted: ['read', 'execute'], missing: 'update', severity: 'error', restore: 'none' },
    { granted: ['read', 'update'], missing: 'execute', severity: 'error', restore: 'none' },
    { granted: ['execute', 'update'], missing: 'read', severity: 'info', restore: 'version' },
  ] as const)(
    'asks for $missing: $severity when it is missing',
    async ({ granted, missing, severity, restore }) => {
      await rig.emulator.seed(ONE, freshValues(ONE));
      rig.emulator.variables.declare(ONE.ref).privileges = new Set(granted);
      const report = await rig.store.preflight(ONE, rig.ctx);
      expect(report.findings).toEqual([
        expect.objectContaining({
          severity,
          code: 'PERMISSION_DENIED',
          subject: `conjur-prod/${ONE.ref}`,
          message: expect.stringContaining(`\`${missing}\``),
        }),
      ]);
      expect(report.restore).toBe(restore);
    },
  );

  it('reports each absent variable of a slot, all at once', async () => {
    const report = await summary(PAIR);
    expect(report).toEqual({ findings: ['error NOT_FOUND', 'error NOT_FOUND'], restore: 'none', cas: false });
  });

  it('does not fight a variable that Conjur rotates itself', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    rig.emulator.variables.declare(ONE.ref).annotations.set('rotation/rotator', 'postgresql/password');
    const { findings } = await rig.store.preflight(ONE, rig.ctx);
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'error',
        code: 'REFUSED',
        message: expect.stringContaining('postgresql'),
      }),
    ]);
  });

  it('warns of the Vault Synchronizer, and refuses dynamic variables without asking', async () => {
    const synchronized = { ref: 'data/vault/safe/account/password', fields: [''] };
    await rig.emulator.seed(synchronized, freshValues(synchronized));
    expect((await summary(synchronized)).findings).toEqual(['warning CONFLICT']);
    const asked = rig.emulator.server.requests.length;
    const dynamic = { ref: 'data/dynamic/aws', fields: [''] };
    expect(await summary(dynamic)).toEqual({ findings: ['error REFUSED'], restore: 'none', cas: false });
    expect(rig.emulator.server.requests.length).toBe(asked);
  });

  it('says that a variable without a value has nothing to go back to', async () => {
    rig.emulator.variables.declare(ONE.ref);
    expect(await summary(ONE)).toEqual({ findings: ['warning NOT_FOUND'], restore: 'none', cas: false });
  });

  it('reports a credential that is dead, and leaves an outage to those who retry', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    rig.emulator.inject?.({ kind: 'status', status: 401, on: 'read' });
    expect((await summary(ONE)).findings).toEqual(['error UNAUTHENTICATED']);
    rig.emulator.inject?.({ kind: 'status', status: 503, on: 'read' });
    await expect(summary(ONE)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });
});

describe('followers', () => {
  it('that are behind or away are warned of', async () => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const [behind, away] = [await rig.emulator.startFollower(100), await rig.emulator.startFollower(0)];
    const store = await rig.open({ followers: [behind.url, away.url] });
    expect((await summary(ONE, store)).findings).toEqual([]);
    await rig.emulator.overwrite(ONE, freshValues(ONE));
    await away.stop();
    const { findings } = await store.preflight(ONE, rig.ctx);
    expect(findings.map(({ severity, message }) => [severity, message])).toEqual([
      ['warning', `follower ${behind.url} shows version 2, its leader 3`],
      ['warning', expect.stringContaining(`follower ${away.url}`)],
    ]);
  });
});
