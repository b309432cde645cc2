import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stores } from '../../src/catalog/stores.gen.ts';
import { honestyCases } from './support/stores/honesty.ts';
import { hasEmulator, probe, storeFolders } from './support/stores/probe.ts';
import { restoringCases } from './support/stores/restoring.ts';
import { openRig, type StoreRig } from './support/stores/rig.ts';
import { wireCases } from './support/stores/wire.ts';
import { writingCases } from './support/stores/writing.ts';

/** One suite for every store there is: nobody enrols, nobody can be forgotten. */

describe.each(storeFolders())('store folder %s', (id) => {
  it('is in the catalogue under its own name', async () => {
    expect(Object.keys(stores)).toContain(id);
    expect((await stores[id]?.())?.id).toBe(id);
  });

  it('has an emulator', () => {
    expect(hasEmulator(id)).toBe(true);
  });
});

for (const [id, load] of Object.entries(stores)) {
  const traits = await probe(load);

  describe(id, () => {
    if ('failure' in traits) {
      it('loads, and its emulator starts', () => {
        throw traits.failure;
      });
      return;
    }

    let rig: StoreRig;
    beforeEach(async () => {
      rig = await openRig(traits.plugin);
    });
    afterEach(() => rig.close());

    describe('honesty', () => honestyCases(traits, () => rig));
    describe('writing', () => writingCases(traits, () => rig));
    describe('restoring', () => restoringCases(traits, () => rig));
    if (traits.wire) describe('wire', () => wireCases(traits, () => rig));
  });
}
