import { expect, it } from 'vitest';
import type { Restoration } from '../../core/plugins/store.ts';
import type { StoreTraits } from './probe.ts';
import { type Place, type Push, type StoreRig, secrets, TWO_FIELDS } from './rig.ts';

/** What a rollback promises. */
export function restoringCases({ plugin, fielded }: StoreTraits, rig: () => StoreRig): void {
  const { capabilities } = plugin;
  if (capabilities.restore === 'none') {
    it('says that it cannot bring the old value back, and changes nothing', async () => {
      const { store, emulator, seeded, push, refusal, writing } = rig();
      const place = await seeded();
      const done = await push(place);
      await refusal(store.restore(place.slot, restoration(place, done), writing()), 'REFUSED');
      expect(await emulator.peek(place.slot)).toEqual(done.values);
    });
    return;
  }

  it('brings the old value back', async () => {
    const { store, emulator, seeded, push, writing } = rig();
    const place = await seeded();
    await store.restore(place.slot, restoration(place, await push(place)), writing());
    expect(await emulator.peek(place.slot)).toEqual(place.old);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
  });

  it('brings the old value back when the answer to the write was lost', async () => {
    const { store, emulator, seeded, push, writing } = rig();
    const place = await seeded();
    const done = await push(place);
    await store.restore(place.slot, { ...restoration(place, done), receipt: undefined }, writing());
    expect(await emulator.peek(place.slot)).toEqual(place.old);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
  });

  if (capabilities.restore === 'version') {
    it('needs no plaintext to bring a version back', async () => {
      const { store, emulator, seeded, push, writing } = rig();
      const place = await seeded();
      const done = await push(place);
      await store.restore(place.slot, { ...restoration(place, done), values: undefined }, writing());
      expect(await emulator.peek(place.slot)).toEqual(place.old);
    });
  }

  if (capabilities.readable) {
    it.each(['with', 'without'])(
      'does not restore over somebody else’s value, %s a receipt',
      async (receipt) => {
        const { store, emulator, seeded, push, values, refusal, writing } = rig();
        const place = await seeded();
        const done = await push(place);
        const theirs = values(place.slot);
        await emulator.overwrite(place.slot, theirs);
        const wish = { ...restoration(place, done), ...(receipt === 'with' ? {} : { receipt: undefined }) };
        await refusal(store.restore(place.slot, wish, writing()), 'CONFLICT', 'DRIFT');
        expect(await emulator.peek(place.slot)).toEqual(theirs);
      },
    );
  }

  if (fielded) fieldedCases(rig);
}

function fieldedCases(rig: () => StoreRig): void {
  it('brings both parts of a pair back', async () => {
    const { store, emulator, seeded, push, writing } = rig();
    const place = await seeded(TWO_FIELDS);
    await store.restore(place.slot, restoration(place, await push(place)), writing());
    expect(await emulator.peek(place.slot)).toEqual(place.old);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
  });

  it('never loses what others wrote beside the slot since the push', async () => {
    const { store, emulator, call, seeded, push, values, refusal, writing } = rig();
    const both = await seeded(TWO_FIELDS);
    const [ours, beside] = both.slot.fields.map((field) => ({ ref: both.slot.ref, fields: [field] }));
    if (ours === undefined || beside === undefined) throw new Error('two fields were seeded');
    const place = { ...both, slot: ours, before: await store.read(ours, call) };
    const done = await push(place);
    await emulator.overwrite(beside, values(beside));
    const neighbours = await emulator.neighbours(ours);

    const attempt = store.restore(ours, restoration(place, done), writing());
    const restored = await attempt.then(
      () => true,
      () => false,
    );
    if (!restored) await refusal(attempt, 'CONFLICT', 'DRIFT');
    const ownOld = Object.fromEntries(ours.fields.map((field) => [field, both.old[field]]));
    expect(await emulator.peek(ours)).toEqual(restored ? ownOld : done.values);
    expect(await emulator.neighbours(ours)).toBe(neighbours);
  });
}

/** As the engine gives it: the old values are known, from the store or from the key's `current`. */
function restoration(place: Place, done: Push): Restoration {
  return {
    before: place.before?.version,
    values: secrets(place.old),
    receipt: done.receipt,
    pushed: done.pushed,
  };
}
