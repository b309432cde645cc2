import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { addVersion } from '../../src/stores/aws-ssm/emulated-parameter.ts';
import { fresh, OLD, openRig, type Rig } from './aws-ssm-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const write = (slot: Slot, value = fresh(), expected?: string) =>
  rig.store.write(slot, { [slot.fields[0] ?? '']: value }, expected, rig.writing());

describe('a parameter whose readers take the newest version', () => {
  it('gets the next version, with the KMS key, tier, description and policies it had', async () => {
    const slot = await rig.seeded('/prod/key');
    const before = await rig.emulator.neighbours(slot);
    const value = fresh();
    expect(await write(slot, value, '1')).toEqual({ version: '2', details: { before: '1' } });
    expect(await rig.emulator.peek(slot)).toEqual({ '': value.reveal() });
    expect(await rig.emulator.neighbours(slot)).toBe(before);
  });

  it('is refused when somebody has written since the plan', async () => {
    const slot = await rig.seeded('/prod/key');
    await rig.emulator.overwrite(slot, { '': 'theirs' });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await rig.emulator.peek(slot)).toEqual({ '': 'theirs' });
  });

  it('is given back to who wrote between the look and the write', async () => {
    const slot = await rig.seeded('/prod/key');
    const writes: string[] = [];
    rig.emulator.server.onWrite((moment) => {
      if (moment === 'before' && writes.push('') === 1) addVersion(rig.emulator.parameter(slot), 'theirs');
    });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('version 2'),
    });
    expect(await rig.emulator.peek(slot)).toEqual({ '': 'theirs' });
    expect(rig.emulator.parameter(slot).versions).toHaveLength(4);
  });

  it('is left to who wrote right after us as well', async () => {
    const slot = await rig.seeded('/prod/key');
    rig.emulator.server.onWrite((moment) => {
      addVersion(rig.emulator.parameter(slot), `theirs ${moment}`);
    });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await rig.emulator.peek(slot)).toEqual({ '': 'theirs after' });
    expect(rig.emulator.effects()).toBe(1);
  });

  it('cannot say what readers get when putting theirs back is raced too', async () => {
    const slot = await rig.seeded('/prod/key');
    rig.emulator.server.onWrite((moment) => {
      if (moment === 'before') addVersion(rig.emulator.parameter(slot), 'theirs');
    });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({ code: 'INDETERMINATE' });
  });

  it('is not known to be written when the answer names no version', async () => {
    const slot = await rig.seeded('/prod/key');
    rig.emulator.server.onWrite((moment) => {
      if (moment === 'before')
        rig.emulator
          .parameter(slot)
          .versions.push({ version: Number.NaN, value: '', modifiedAt: 0, labels: new Set() });
    });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({
      code: 'INDETERMINATE',
      message: expect.stringContaining('names no version'),
    });
  });

  it('is put back from the history, without any plaintext of ours', async () => {
    const slot = await rig.seeded('/prod/key', 'API_KEY');
    const before = await rig.emulator.neighbours(slot);
    const [text] = rig.emulator.parameter(slot).versions.map(({ value }) => value);
    const value = fresh();
    const receipt = await write(slot, value, '1');
    const restoration = { before: '1', values: undefined, receipt, pushed: { API_KEY: value } };
    await rig.store.restore(slot, restoration, rig.writing());
    expect(rig.emulator.parameter(slot).versions.at(-1)).toMatchObject({ version: 3, value: text });
    expect(await rig.emulator.neighbours(slot)).toBe(before);
    await rig.store.restore(slot, restoration, rig.writing());
    expect(rig.emulator.effects()).toBe(2);
  });

  it('is put back from the sealed value when the history has forgotten the version', async () => {
    const slot = await rig.seeded('/prod/key');
    const value = fresh();
    const receipt = await write(slot, value, '1');
    rig.emulator.parameter(slot).versions.splice(0, 1);
    const restoration = { before: '1', receipt, pushed: { '': value } };
    await expect(
      rig.store.restore(slot, { ...restoration, values: undefined }, rig.writing()),
    ).rejects.toMatchObject({ code: 'DRIFT', message: expect.stringContaining('version 1 cannot be read') });
    await rig.store.restore(slot, { ...restoration, values: { '': OLD } }, rig.writing());
    expect(await rig.emulator.peek(slot)).toEqual({ '': OLD.reveal() });
  });
});

describe('a parameter whose readers use a label', () => {
  const REF = '/prod/key:live';

  it('goes live when the label is moved, and comes back by moving it, so that no value travels', async () => {
    const slot = await rig.seeded(REF, 'API_KEY');
    const value = fresh();
    const receipt = await write(slot, value, '1');
    expect(receipt.version).toBe('2');
    expect(await rig.emulator.peek(slot)).toEqual({ API_KEY: value.reveal() });
    await rig.store.restore(
      slot,
      { before: '1', values: { API_KEY: OLD }, receipt, pushed: { API_KEY: value } },
      rig.writing(),
    );
    expect(await rig.store.read(slot, rig)).toMatchObject({ version: '1' });
    expect(rig.emulator.parameter(slot).versions).toHaveLength(2);
  });

  it('is written into by a rollback when somebody has labelled a version of theirs since', async () => {
    const slot = await rig.seeded(REF, 'API_KEY');
    const value = fresh();
    const receipt = await write(slot, value, '1');
    await rig.emulator.overwrite(slot, { THEIRS: 'beside' });
    await rig.store.restore(
      slot,
      { before: '1', values: undefined, receipt, pushed: { API_KEY: value } },
      rig.writing(),
    );
    expect(await rig.emulator.peek({ ref: REF, fields: ['API_KEY', 'THEIRS'] })).toEqual({
      API_KEY: OLD.reveal(),
      THEIRS: 'beside',
    });
  });

  it('is not moved when the label has been moved while we wrote', async () => {
    const slot = await rig.seeded(REF);
    const writes: string[] = [];
    rig.emulator.server.onWrite((moment) => {
      if (moment === 'before' && writes.push('') === 1) void rig.emulator.overwrite(slot, { '': 'theirs' });
    });
    await expect(write(slot, fresh(), '1')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await rig.emulator.peek(slot)).toEqual({ '': 'theirs' });
  });

  it('without that label is missing', async () => {
    await rig.seeded('/prod/key');
    const slot = { ref: REF, fields: [''] };
    expect(await rig.store.read(slot, rig)).toBeUndefined();
    expect((await rig.store.preflight(slot, rig)).findings).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        code: 'NOT_FOUND',
        message: expect.stringContaining('live'),
      }),
    );
    await expect(write(slot)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a value that Parameter Store would refuse is refused before it is sent', () => {
  it.each([
    ['Standard', 4097],
    ['Advanced', 8193],
  ])('in the tier %s, one of %d bytes', async (tier, bytes) => {
    const slot = await rig.seeded('/prod/key');
    Object.assign(rig.emulator.parameter(slot), { tier });
    await expect(write(slot, new Secret('x'.repeat(bytes)))).rejects.toMatchObject({
      code: 'LIMIT_REACHED',
      message: expect.stringContaining(`${bytes - 1}`),
    });
    await write(slot, new Secret('x'.repeat(bytes - 1)));
  });

  it('when it would be taken for a reference', async () => {
    const slot = await rig.seeded('/prod/key');
    await expect(write(slot, new Secret('kt-{{ssm:x}}'))).rejects.toMatchObject({ code: 'REFUSED' });
    expect(rig.emulator.server.requests.map(({ headers }) => headers['x-amz-target'])).not.toContain(
      'AmazonSSM.PutParameter',
    );
  });

  it('by the pattern, says AWS, and nothing is written', async () => {
    const slot = await rig.seeded('/prod/key');
    Object.assign(rig.emulator.parameter(slot), { allowedPattern: '^PMK' });
    await expect(write(slot)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('allowedPattern'),
    });
  });
});
