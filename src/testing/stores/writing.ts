import { expect, it } from 'vitest';
import { AWKWARD_VALUES, valueOfBytes } from '../sample-values.ts';
import type { StoreTraits } from './probe.ts';
import { type Place, revealed, type StoreRig, secrets, TWO_FIELDS } from './rig.ts';

/** What a push promises. */
export function writingCases({ plugin, fielded }: StoreTraits, rig: () => StoreRig): void {
  const { capabilities } = plugin;

  it('overwrites the value, and reads back what it wrote', async () => {
    const { store, emulator, call, seeded, push } = rig();
    const place = await seeded();
    const { values } = await push(place);
    expect(await emulator.peek(place.slot)).toEqual(values);
    if (capabilities.readable) expect(revealed((await store.read(place.slot, call))?.fields)).toEqual(values);
  });

  it('leaves everything beside the slot as it was', async () => {
    const { emulator, seeded, push } = rig();
    const place = await seeded();
    await push(place);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
  });

  it('writes the same value again without harm', async () => {
    const { store, emulator, call, seeded, push } = rig();
    const place = await seeded();
    const { values } = await push(place);
    await push({ ...place, before: await store.read(place.slot, call) }, values);
    expect(await emulator.peek(place.slot)).toEqual(values);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
  });

  for (const [what, make] of Object.entries(AWKWARD_VALUES)) {
    it(`keeps every character of ${what}, or refuses and changes nothing`, async () => {
      const { store, emulator, call, seeded, values, push, refusal } = rig();
      const place = await seeded();
      const next = values(place.slot, make);
      const attempt = push(place, next);
      const kept = await attempt.then(
        () => true,
        () => false,
      );
      if (!kept) await refusal(attempt, 'REFUSED');
      expect(await emulator.peek(place.slot)).toEqual(kept ? next : place.old);
      expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
      if (kept && capabilities.readable)
        expect(revealed((await store.read(place.slot, call))?.fields)).toEqual(next);
    });
  }

  if (capabilities.maxBytes !== undefined) {
    const tooLong = capabilities.maxBytes + 1;
    it(`refuses a value of ${tooLong} bytes and keeps the old one`, async () => {
      const { emulator, seeded, values, push, refusal } = rig();
      const place = await seeded();
      await refusal(
        push(
          place,
          values(place.slot, () => valueOfBytes(tooLong)),
        ),
        'LIMIT_REACHED',
      );
      expect(await emulator.peek(place.slot)).toEqual(place.old);
    });
  }

  if (capabilities.cas) compareAndSetCases(rig);
  if (fielded) pairCases(rig);
}

function pairCases(rig: () => StoreRig): void {
  it('sends the parts of one slot together, in one write where they are one document', async () => {
    const { emulator, seeded, push } = rig();
    const place = await seeded(TWO_FIELDS);
    const effects = emulator.effects();
    const { values } = await push(place);
    expect(await emulator.peek(place.slot)).toEqual(values);
    expect(await emulator.neighbours(place.slot)).toBe(place.neighbours);
    const written = emulator.effects() - effects;
    expect(written).toBe((await isOneDocument(rig(), place)) ? 1 : TWO_FIELDS.length);
  });
}

/** Whether a write to one field shows in the version of the other; a store without versions cannot say, so: no. */
async function isOneDocument({ store, emulator, call, values }: StoreRig, place: Place): Promise<boolean> {
  const [first, second] = place.slot.fields.map((field) => ({ ref: place.slot.ref, fields: [field] }));
  if (first === undefined || second === undefined) throw new Error('two fields were seeded');
  const before = await store.read(first, call);
  await emulator.overwrite(second, values(second));
  return (await store.read(first, call))?.version !== before?.version;
}

function compareAndSetCases(rig: () => StoreRig): void {
  it('refuses to write over what somebody else wrote meanwhile', async () => {
    const { emulator, seeded, values, push, refusal } = rig();
    const place = await seeded();
    const theirs = values(place.slot);
    await emulator.overwrite(place.slot, theirs);
    await refusal(push(place), 'CONFLICT');
    expect(await emulator.peek(place.slot)).toEqual(theirs);
  });

  it('lets one of several writers at once win', async () => {
    const { store, emulator, seeded, values, writing } = rig();
    const place = await seeded();
    const wishes = Array.from({ length: 4 }, () => values(place.slot));
    const outcomes = await Promise.allSettled(
      wishes.map((wish) => store.write(place.slot, secrets(wish), place.before?.version, writing())),
    );
    const winners = wishes.filter((_wish, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await emulator.peek(place.slot)).toEqual(winners[0]);
  });
}
