import { afterEach, beforeEach, describe } from 'vitest';
import { plugin } from '../../src/stores/aws-secrets-manager/index.ts';
import { honestyCases } from '../../src/testing/stores/honesty.ts';
import { restoringCases } from '../../src/testing/stores/restoring.ts';
import { openRig, type StoreRig } from '../../src/testing/stores/rig.ts';
import { wireCases } from '../../src/testing/stores/wire.ts';
import { writingCases } from '../../src/testing/stores/writing.ts';
import { startMotoStore } from './moto-store.ts';
import { withServer } from './with-server.ts';

/** The suite that every store passes on its emulator, on a Secrets Manager that others wrote. */
withServer('moto', ({ url }) => {
  const onMoto = { ...plugin, emulator: async () => () => startMotoStore(url) };
  const traits = { plugin: onMoto, wire: true, fielded: true };

  let rig: StoreRig;
  beforeEach(async () => {
    rig = await openRig(onMoto);
  });
  afterEach(() => rig.close());

  describe('honesty', () => honestyCases(traits, () => rig));
  describe('writing', () => writingCases(traits, () => rig));
  describe('restoring', () => restoringCases(traits, () => rig));
  describe('wire', () => wireCases(traits, () => rig));
});
