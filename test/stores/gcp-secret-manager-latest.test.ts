import { afterEach, beforeEach, describe } from 'vitest';
import type { StorePlugin } from '../../src/core/plugins/plugin.ts';
import { startGoogleSecretEmulator } from '../../src/stores/gcp-secret-manager/emulator.ts';
import { plugin } from '../../src/stores/gcp-secret-manager/index.ts';
import { honestyCases } from '../../src/testing/stores/honesty.ts';
import { restoringCases } from '../../src/testing/stores/restoring.ts';
import { openRig, type StoreRig } from '../../src/testing/stores/rig.ts';
import { wireCases } from '../../src/testing/stores/wire.ts';
import { writingCases } from '../../src/testing/stores/writing.ts';

/** What the suite of all stores asks of secrets whose readers use an alias, asked where they take `latest`. */
const latest: StorePlugin = {
  ...plugin,
  capabilities: { ...plugin.capabilities, cas: false },
  emulator: async () => async () => ({
    ...(await startGoogleSecretEmulator()),
    sampleSlot: (name, fields) => ({ ref: `keyturn-${name}`, fields }),
  }),
};
const traits = { plugin: latest, wire: true, fielded: true };

let rig: StoreRig;
beforeEach(async () => {
  rig = await openRig(latest);
});
afterEach(() => rig.close());

describe('honesty', () => honestyCases(traits, () => rig));
describe('writing', () => writingCases(traits, () => rig));
describe('restoring', () => restoringCases(traits, () => rig));
describe('wire', () => wireCases(traits, () => rig));
