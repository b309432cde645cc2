import { expect, it } from 'vitest';
import { slotOffers } from '../../core/plugins/slot-offers.ts';
import { WHOLE } from '../../core/plugins/store.ts';
import type { StoreTraits } from './probe.ts';
import { ONE_FIELD, revealed, type StoreRig, secrets } from './rig.ts';

/** What the descriptor says is what the store does; looking changes nothing. */
export function honestyCases(traits: StoreTraits, rig: () => StoreRig): void {
  lookingCases(traits, rig);
  capabilityCases(traits, rig);
}

function lookingCases(
  { plugin, fielded, best = plugin.capabilities }: StoreTraits,
  rig: () => StoreRig,
): void {
  it('looks without touching: whoami, preflight and read have no effect', async () => {
    const { store, emulator, call, seeded } = rig();
    const place = await seeded();
    const effects = emulator.effects();
    await store.whoami(call);
    await store.preflight(place.slot, call);
    await store.preflight(emulator.sampleSlot('missing', ONE_FIELD), call);
    await store.read(place.slot, call);
    expect(emulator.effects()).toBe(effects);
    expect(await emulator.peek(place.slot)).toEqual(place.old);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
  });

  it('says who it acts as, and where', async () => {
    const { store, call, leaks } = rig();
    const identity = await store.whoami(call);
    expect(identity.display).not.toBe('');
    expect(Object.keys(identity.attributes)).not.toEqual([]);
    expect(Object.values(identity.attributes)).not.toContain('');
    leaks.expectClean(identity);
  });

  it('finds nothing to complain about in a healthy slot', async () => {
    const { store, call, seeded, leaks } = rig();
    const place = await seeded();
    const report = await store.preflight(place.slot, call);
    expect(report.findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    const { restore, readable, cas, evidence } = plugin.capabilities;
    expect(report.restore).toBe(restore);
    expect(slotOffers(best, report)).toEqual({ readable, cas, evidence });
    leaks.expectClean(report);
  });

  it('reads a missing slot as undefined, and preflight reports it', async () => {
    const { store, emulator, call } = rig();
    const slot = emulator.sampleSlot('missing', ONE_FIELD);
    expect(await store.read(slot, call)).toBeUndefined();
    const { findings } = await store.preflight(slot, call);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'NOT_FOUND', severity: 'error' }));
  });

  if (fielded) {
    it('reports a field that the slot does not have', async () => {
      const { store, call, seeded } = rig();
      const { slot } = await seeded();
      const { findings } = await store.preflight({ ...slot, fields: ['NO_SUCH_FIELD'] }, call);
      expect(findings.map((finding) => finding.code)).toContain('NOT_FOUND');
    });
  }
}

function capabilityCases({ plugin, fielded }: StoreTraits, rig: () => StoreRig): void {
  const { capabilities } = plugin;

  it(capabilities.readable ? 'reads the value' : 'gives no value, as it says', async () => {
    const { seeded } = rig();
    const place = await seeded();
    expect(place.before).toBeDefined();
    expect(revealed(place.before?.fields)).toEqual(capabilities.readable ? place.old : {});
  });

  if (capabilities.versioned || capabilities.cas) {
    it('gives each write a version of its own, and tells it', async () => {
      const { store, call, seeded, push } = rig();
      const place = await seeded();
      const { receipt } = await push(place);
      const after = await store.read(place.slot, call);
      expect(place.before?.version).toBeDefined();
      expect(after?.version).toBeDefined();
      expect(after?.version).not.toBe(place.before?.version);
      expect(after?.version).toBe(receipt.version);
      expect((await store.read(place.slot, call))?.version).toBe(after?.version);
    });
  }

  it(`proves a push by ${capabilities.evidence}`, async () => {
    const { store, call, seeded, push } = rig();
    const place = await seeded();
    const { values } = await push(place);
    const after = await store.read(place.slot, call);
    if (capabilities.evidence === 'read-back') expect(revealed(after?.fields)).toEqual(values);
    if (capabilities.evidence === 'timestamp') {
      expect(Date.parse(after?.updatedAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(place.before?.updatedAt ?? ''),
      );
    }
  });

  it('stops when it is asked to before it begins', async () => {
    const { store, emulator, seeded, values, writing, refusal } = rig();
    const { slot, old } = await seeded();
    const effects = emulator.effects();
    const stopped = { signal: AbortSignal.abort() };
    await refusal(store.read(slot, stopped), 'ABORTED');
    const attempt = store.write(slot, secrets(values(slot)), undefined, { ...writing(), ...stopped });
    await refusal(attempt, 'ABORTED', 'INDETERMINATE');
    expect(emulator.effects()).toBe(effects);
    expect(await emulator.peek(slot)).toEqual(old);
  });

  it(fielded ? 'has named fields' : 'holds one value a slot', () => {
    const { fields } = rig().emulator.sampleSlot('any', ONE_FIELD);
    expect(fields.every((field) => (field === WHOLE) === !fielded)).toBe(true);
  });
}
