import { expect, it } from 'vitest';
import { AwaitSignal } from '../../core/await-signal.ts';
import { NOBODY_THERE } from './creating.ts';
import type { IssuerTraits } from './probe.ts';
import { type IssuerRig, openRig } from './rig.ts';

/** What the end of a key promises. */
export function killingCases({ plugin, lists }: IssuerTraits, rig: () => IssuerRig): void {
  const { capabilities } = plugin;

  it('claims no way back from, and no quota of, what it cannot do', () => {
    if (capabilities.reversible) expect(capabilities.deactivate).not.toBe('none');
    if (capabilities.maxKeys !== undefined) expect(capabilities.maxKeys).toBeGreaterThan(1);
    // What dies with the next key can be neither switched off nor brought back.
    if (capabilities.overlap === false) expect(capabilities.deactivate).toBe('none');
  });

  if (capabilities.deactivate !== 'none') deactivateCases(rig);
  if (capabilities.deactivate === 'assisted') {
    it('waits for a person to deactivate the key, and has had no effect, when nobody is there', async () => {
      const alone = await openRig(plugin, { operator: NOBODY_THERE });
      try {
        const effects = alone.emulator.effects();
        await expect(alone.issuer.deactivateKey?.({ id: alone.old.id }, alone.call)).rejects.toThrow(
          AwaitSignal,
        );
        expect(alone.emulator.effects()).toBe(effects);
      } finally {
        await alone.close();
      }
    });
  }
  if (capabilities.deactivate !== 'none' && capabilities.identify) {
    it('does not know a dead key any more', async () => {
      const { issuer, old, created, comesTo, refusal, call } = rig();
      await created();
      await issuer.deactivateKey?.({ id: old.id }, call);
      expect(await comesTo('dead', old)).toBe(true);
      await refusal(issuer.identify?.(old.credential, call) ?? Promise.resolve(), 'UNAUTHENTICATED');
    });
  }
  if (capabilities.reversible) reversibleCases(lists, rig);
  if (capabilities.delete) deleteCases(rig);
}

function deactivateCases(rig: () => IssuerRig): void {
  it('kills the old key and leaves the new one alive', async () => {
    const { issuer, old, created, comesTo, call } = rig();
    const next = await created();
    await issuer.deactivateKey?.({ id: old.id }, call);
    expect(await comesTo('dead', old)).toBe(true);
    expect(await comesTo('live', next)).toBe(true);
  });

  it('deactivates twice as well as once', async () => {
    const { issuer, old, comesTo, call } = rig();
    await issuer.deactivateKey?.({ id: old.id }, call);
    await issuer.deactivateKey?.({ id: old.id }, call);
    expect(await comesTo('dead', old)).toBe(true);
  });
}

function reversibleCases(lists: boolean, rig: () => IssuerRig): void {
  it('brings a deactivated key back, twice as well as once', async () => {
    const { issuer, old, comesTo, call } = rig();
    await issuer.deactivateKey?.({ id: old.id }, call);
    expect(await comesTo('dead', old)).toBe(true);
    await issuer.activateKey?.({ id: old.id }, call);
    await issuer.activateKey?.({ id: old.id }, call);
    expect(await comesTo('live', old)).toBe(true);
  });

  if (lists) {
    it('lists a deactivated key as inactive', async () => {
      const { issuer, old, call } = rig();
      await issuer.deactivateKey?.({ id: old.id }, call);
      const records = (await issuer.listKeys?.(call)) ?? [];
      expect(records.find((record) => record.id === old.id)?.status).toBe('inactive');
    });
  }
}

function deleteCases(rig: () => IssuerRig): void {
  it('deletes one key, and no other', async () => {
    const { issuer, emulator, old, created, comesTo, call } = rig();
    const next = await created();
    await issuer.deactivateKey?.({ id: old.id }, call);
    await issuer.deleteKey?.({ id: old.id }, call);
    const ids = (await emulator.keys()).map((key) => key.id);
    expect(ids).not.toContain(old.id);
    expect(ids).toContain(next.id);
    expect(await comesTo('dead', old)).toBe(true);
    expect(await comesTo('live', next)).toBe(true);
  });

  it('takes an absent key for a deleted one', async () => {
    const { issuer, emulator, old, call } = rig();
    await issuer.deleteKey?.({ id: old.id }, call);
    await issuer.deleteKey?.({ id: old.id }, call);
    expect((await emulator.keys()).map((key) => key.id)).not.toContain(old.id);
  });
}
