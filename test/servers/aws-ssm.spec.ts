import { LabelParameterVersionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeClient } from '../../src/lib/aws/make-client.ts';
import { plugin } from '../../src/stores/aws-ssm/index.ts';
import { honestyCases } from '../../src/testing/stores/honesty.ts';
import { restoringCases } from '../../src/testing/stores/restoring.ts';
import { openRig, type StoreRig } from '../../src/testing/stores/rig.ts';
import { wireCases } from '../../src/testing/stores/wire.ts';
import { writingCases } from '../../src/testing/stores/writing.ts';
import { startMotoParameters } from './moto-parameters.ts';
import { withServer } from './with-server.ts';

/** The suite that every store passes on its emulator, on a Parameter Store that others wrote. */
withServer('moto', ({ url }) => {
  const onMoto = { ...plugin, emulator: async () => () => startMotoParameters(url) };
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

  it('pushes past a hundred versions, until a label on the oldest is in the way', async () => {
    const place = await rig.seeded();
    for (let count = 0; count < 99; count += 1) await rig.emulator.overwrite(place.slot, place.old);
    const full = { ...place, before: await rig.store.read(place.slot, rig.call) };
    expect(full.before?.version).toBe('100');
    const { receipt } = await rig.push(full);
    expect(receipt.version).toBe('101');

    const client = makeClient(
      () =>
        new SSMClient({
          region: 'us-east-1',
          endpoint: url,
          credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
        }),
    );
    const label = { Name: place.slot.ref, ParameterVersion: 2, Labels: ['pinned'] };
    await client.send(new LabelParameterVersionCommand(label));
    client.destroy();
    const { findings } = await rig.store.preflight(place.slot, rig.call);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'LIMIT_REACHED' }));
    await rig.refusal(rig.push({ ...place, before: undefined }), 'LIMIT_REACHED');
  });
});
