import { afterEach, beforeEach, describe } from 'vitest';
import type { StorePlugin } from '../../core/plugins/plugin.ts';
import { describeSuite, probing } from '../describe-suite.ts';
import { optionCases } from '../option-cases.ts';
import { honestyCases } from './honesty.ts';
import { probe, type StoreTraits } from './probe.ts';
import { restoringCases } from './restoring.ts';
import { openRig, type StoreRig } from './rig.ts';
import { wireCases } from './wire.ts';
import { writingCases } from './writing.ts';

/** Every promise of the contract, asked of a store at its emulator; twice where some of its slots show no value. */
export async function storeSuite(id: string, load: () => Promise<StorePlugin>): Promise<void> {
  const probed = await probing(() => probe(load));
  describeSuite(id, probed, allCases);
  if ('failure' in probed || probed.writeOnly === undefined) return;
  describeSuite(`${id}, over slots that show nothing`, probed.writeOnly, allCases);
}

function allCases(traits: StoreTraits): void {
  let rig: StoreRig;
  beforeEach(async () => {
    rig = await openRig(traits.plugin);
  });
  afterEach(() => rig.close());

  describe('options', () => optionCases(traits.plugin, () => rig.emulator));
  describe('honesty', () => honestyCases(traits, () => rig));
  describe('writing', () => writingCases(traits, () => rig));
  describe('restoring', () => restoringCases(traits, () => rig));
  if (traits.wire) describe('wire', () => wireCases(traits, () => rig));
}
