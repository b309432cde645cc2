import { describe, expect, it } from 'vitest';
import { resumeRotation, rollBack } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import { detailsOf } from '../../src/app/rotation-listing.ts';
import { readState } from '../../src/app/rotations.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type { IssuedKey } from '../../src/core/plugins/issuer.ts';
import { plugin as iam } from '../../src/issuers/aws-iam/index.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { effects, go, oldKeyLives, open, storeOf, world } from './support/open-world.ts';

const contain = { ...REQUEST, mode: 'contain' as const };

/** IAM, if keys could not be switched off over its API. */
async function withoutDeactivation(): Promise<{ catalog: PluginCatalog }> {
  const open = await iam.open();
  const opened: typeof open = async (options, ctx) => {
    const { deactivateKey: _off, activateKey: _on, ...issuer } = await open(options, ctx);
    return issuer;
  };
  const issuers = { 'aws-iam': async () => ({ ...iam, open: async () => opened }) };
  return { catalog: { ...world.catalog, issuers } };
}

describe('contain is refused, before anything is touched, where the leaked key would live on', () => {
  it('because its policy says so', async () => {
    await open({ policy: { deactivate: 'never' } });
    await expect(go({}, contain)).rejects.toMatchObject({ code: 'REFUSED', exitCode: 3 });
    await expect(go({}, contain)).rejects.toMatchObject({
      findings: [{ severity: 'error', message: expect.stringContaining('`never`') }],
    });
    expect(await holdings(world)).toEqual(['old', 'old']);
  });

  it('because this issuer, as it is described, switches nothing off', async () => {
    await open();
    const untouched = effects();
    await expect(go(await withoutDeactivation(), contain)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(effects()).toBe(untouched);
    expect(await oldKeyLives()).toBe(true);
  });
});

describe.each(['contain', 'replace'] as const)(
  'a key that was changed while somebody read the plan (%s)',
  (mode) => {
    it('is not the one that was to be retired: nothing is done to it', async () => {
      await open();
      const made: IssuedKey[] = [];
      const byHand = async (): Promise<boolean> => {
        const colleagues = await world.issuer.issue();
        made.push(colleagues);
        for (const { store, slot, parts } of world.targets) {
          const values = Object.entries(parts).map(
            ([field, part]) => [field, colleagues.credential[part]?.reveal() ?? ''] as const,
          );
          await storeOf(store).overwrite(slot, Object.fromEntries(values));
        }
        return true;
      };

      const report = await rotate(
        world.runtime(),
        { ...REQUEST, mode },
        obedientDialog({ confirmStart: byHand }),
      );

      for (const { credential } of made) expect(await world.issuer.isLive(credential)).toBe(true);
      expect(report).toMatchObject({ status: 'rolled-back', exitCode: 4 });
      expect(report.message).toContain('another one than preflight saw');
      expect(await world.issuer.keys()).toHaveLength(2);
      expect(await oldKeyLives()).toBe(true);
    });
  },
);

describe('a leak that turns out to be none', () => {
  it('can be let go of at the gate: nothing was done yet, and the key is not locked for ever', async () => {
    await open({ policy: { deactivate: 'ask' } });
    const report = await go({}, contain);
    expect(report).toMatchObject({ status: 'at-gate' });
    expect(report.next).toContain(`keyturn rollback ${report.rotationId}`);
    const state = await readState(world.runtime().storage, report.rotationId);
    expect(detailsOf(state).next).toContain(`keyturn rollback ${report.rotationId}`);

    expect(await rollBack(world.runtime(), report.rotationId, obedientDialog())).toMatchObject({
      status: 'rolled-back',
      live: { oldKey: { state: 'live' }, newKey: { state: 'not made' } },
    });
    expect(await oldKeyLives()).toBe(true);
    expect((await go()).status).toBe('at-gate');
  });

  it('but not once the old key is off', async () => {
    await open();
    const killed = new Error('killed');
    const probe = (point: string, step: string): void => {
      if (point === 'after-effect' && step === 'deactivate-key') throw killed;
    };
    const ids: string[] = [];
    const dialog = obedientDialog({ onEvent: (_event, { rotationId }) => ids.push(rotationId) });
    await expect(rotate(world.runtime({ probe }), contain, dialog)).rejects.toBe(killed);
    await expect(rollBack(world.runtime(), ids[0] ?? '', obedientDialog())).rejects.toMatchObject({
      code: 'REFUSED',
    });
    expect(await resumeRotation(world.runtime(), ids[0] ?? '', obedientDialog())).toMatchObject({
      status: 'done',
    });
  });
});
