import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { creatingCases } from './support/issuer-creating.ts';
import { honestyCases } from './support/issuer-honesty.ts';
import { killingCases } from './support/issuer-killing.ts';
import { hasEmulator, issuerFolders, probe } from './support/issuer-probe.ts';
import { type IssuerRig, openRig } from './support/issuer-rig.ts';
import { wireCases } from './support/issuer-wire.ts';

/** One suite for every issuer there is: nobody enrols, nobody can be forgotten. */

describe.each(issuerFolders())('issuer folder %s', (id) => {
  it('is in the catalogue under its own name', async () => {
    expect(Object.keys(issuers)).toContain(id);
    expect((await issuers[id]?.())?.id).toBe(id);
  });

  it('has an emulator', () => {
    expect(hasEmulator(id)).toBe(true);
  });
});

for (const [id, load] of Object.entries(issuers)) {
  const traits = await probe(load);

  describe(id, () => {
    if ('failure' in traits) {
      it('loads, its emulator starts, and it opens on it', () => {
        throw traits.failure;
      });
      return;
    }

    let rig: IssuerRig;
    beforeEach(async () => {
      rig = await openRig(traits.plugin);
    });
    afterEach(() => rig.close());

    describe('honesty', () => honestyCases(traits, () => rig));
    describe('creating', () => creatingCases(traits, () => rig));
    describe('killing', () => killingCases(traits, () => rig));
    if (traits.wire) describe('wire', () => wireCases(traits, () => rig));
  });
}
