import { afterEach, beforeEach, describe } from 'vitest';
import type { IssuerPlugin } from '../../core/plugins/plugin.ts';
import { describeSuite, probing } from '../describe-suite.ts';
import { optionCases } from '../option-cases.ts';
import { creatingCases } from './creating.ts';
import { honestyCases } from './honesty.ts';
import { killingCases } from './killing.ts';
import { probe } from './probe.ts';
import { type IssuerRig, openRig } from './rig.ts';
import { wireCases } from './wire.ts';

/** Every promise of the contract, asked of an issuer at its emulator. */
export async function issuerSuite(id: string, load: () => Promise<IssuerPlugin>): Promise<void> {
  const probed = await probing(() => probe(load));
  describeSuite(id, probed, (traits) => {
    let rig: IssuerRig;
    beforeEach(async () => {
      rig = await openRig(traits.plugin);
    });
    afterEach(() => rig.close());

    describe('options', () => optionCases(traits.plugin, () => rig.emulator));
    describe('honesty', () => honestyCases(traits, () => rig));
    describe('creating', () => creatingCases(traits, () => rig));
    describe('killing', () => killingCases(traits, () => rig));
    if (traits.wire) describe('wire', () => wireCases(traits, () => rig));
  });
}
