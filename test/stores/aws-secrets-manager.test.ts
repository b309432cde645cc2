import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Restoration, WriteReceipt } from '../../src/core/plugins/store.ts';
import type { Secret } from '../../src/core/secret.ts';
import { collectGarbage } from '../../src/stores/aws-secrets-manager/emulated-secret.ts';
import { fresh, OLD, openRig, type Rig } from './aws-secrets-manager-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

function undo(pushed: Secret, receipt: WriteReceipt | undefined, old: Secret | undefined = OLD): Restoration {
  const values = old === undefined ? undefined : { API_KEY: old };
  return { before: rig.first, values, receipt, pushed: { API_KEY: pushed } };
}

describe('a push', () => {
  it('leaves the new version current, and the old one with a label of its own beside AWSPREVIOUS', async () => {
    const { version = '' } = await rig.push(fresh(), rig.first);
    expect(rig.labels()).toEqual({
      [rig.first]: ['AWSPREVIOUS', `keyturn-before-${version}`],
      [version]: ['AWSCURRENT'],
    });
  });

  it.each(['secretsmanager:UpdateSecretVersionStage', 'secretsmanager:PutSecretValue'])(
    'that stopped at %s has changed nothing for readers, and is finished by doing it again',
    async (action) => {
      const [value, token] = [fresh(), randomUUID()];
      rig.emulator.denied.add(action);
      await expect(rig.push(value, rig.first, token)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
      expect(await rig.live()).toEqual({ API_KEY: OLD.reveal() });
      expect(Object.values(rig.labels()).every((labels) => labels.length > 0)).toBe(true);

      rig.emulator.denied.clear();
      const { version = '' } = await rig.push(value, rig.first, token);
      expect(rig.labels()).toEqual({
        [rig.first]: ['AWSPREVIOUS', `keyturn-before-${version}`],
        [version]: ['AWSCURRENT'],
      });
    },
  );

  it('whose last answer was lost is finished by doing it again, without another version', async () => {
    const [value, token] = [fresh(), randomUUID()];
    rig.emulator.inject?.({ kind: 'lost-answer', on: 'write' });
    await expect(rig.push(value, rig.first, token)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    const { version = '' } = await rig.push(value, rig.first, token);
    expect(rig.labels()).toEqual({
      [rig.first]: ['AWSPREVIOUS', `keyturn-before-${version}`],
      [version]: ['AWSCURRENT'],
    });
    expect(rig.emulator.effects()).toBe(1);
  });

  it('may be repeated at once by somebody who does not know that it is done', async () => {
    const [value, token] = [fresh(), randomUUID()];
    const receipts = await Promise.all([1, 2, 3].map(() => rig.push(value, rig.first, token)));
    expect(new Set(receipts.map((receipt) => receipt.version)).size).toBe(1);
    expect(Object.keys(rig.labels())).toHaveLength(2);
  });

  it('under a known token with another value is refused, and the first value stays', async () => {
    const [value, token] = [fresh(), randomUUID()];
    rig.emulator.inject?.({ kind: 'cut', on: 'write' });
    await expect(rig.push(value, rig.first, token)).rejects.toMatchObject({ code: 'INDETERMINATE' });
    await expect(rig.push(fresh(), rig.first, token)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await rig.live()).toEqual({ API_KEY: OLD.reveal() });
  });

  it('after a conflict can be made again on the new base with the same token', async () => {
    const [value, token] = [fresh(), randomUUID()];
    await rig.emulator.overwrite({ ...rig.slot, fields: ['OTHER'] }, { OTHER: 'theirs' });
    await expect(rig.push(value, rig.first, token)).rejects.toMatchObject({ code: 'CONFLICT' });
    const now = await rig.store.read(rig.slot, rig);
    await rig.push(value, now?.version, token);
    expect(await rig.emulator.peek({ ...rig.slot, fields: ['API_KEY', 'OTHER'] })).toEqual({
      API_KEY: value.reveal(),
      OTHER: 'theirs',
    });
  });

  it('that lost a race leaves no label behind', async () => {
    const races = Array.from({ length: 4 }, () => rig.push(fresh(), rig.first));
    await Promise.allSettled(races);
    const ours = Object.values(rig.labels())
      .flat()
      .filter((label) => label.startsWith('keyturn-'));
    expect(ours).toHaveLength(1);
  });

  it('without an expectation is made once, however often it is asked for', async () => {
    const [value, token] = [fresh(), randomUUID()];
    const first = await rig.push(value, undefined, token);
    expect((await rig.push(value, undefined, token)).version).toBe(first.version);
    expect(Object.keys(rig.labels())).toHaveLength(2);
  });

  it('never uses up the labels of a secret', async () => {
    for (let rotation = 0; rotation < 15; rotation += 1) {
      const now = await rig.store.read(rig.slot, rig);
      await rig.push(fresh(), now?.version);
    }
    const ours = Object.values(rig.labels())
      .flat()
      .filter((label) => label.startsWith('keyturn-'));
    expect(ours).toHaveLength(5);
  });

  it('takes an ARN for a name, and a whole text for a field', async () => {
    const slot = { ref: rig.emulator.secret(rig.slot).arn, fields: [''] };
    const value = fresh();
    await rig.store.write(slot, { '': value }, rig.first, rig.writing());
    expect(await rig.emulator.peek(slot)).toEqual({ '': value.reveal() });
  });

  it('does not create a secret', async () => {
    const nowhere = { ref: 'no/such', fields: ['API_KEY'] };
    const attempt = rig.store.write(nowhere, { API_KEY: fresh() }, undefined, rig.writing());
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a restore', () => {
  it.each(['with', 'without'])('leaves no label of ours, %s a receipt', async (how) => {
    const value = fresh();
    const receipt = await rig.push(value, rig.first);
    await rig.store.restore(rig.slot, undo(value, how === 'with' ? receipt : undefined), rig.writing());
    expect(rig.labels()).toEqual({ [rig.first]: ['AWSCURRENT'], [receipt.version ?? '']: ['AWSPREVIOUS'] });
  });

  it('twice is as good as once', async () => {
    const value = fresh();
    const receipt = await rig.push(value, rig.first);
    await rig.store.restore(rig.slot, undo(value, receipt), rig.writing());
    const effects = rig.emulator.effects();
    await rig.store.restore(rig.slot, undo(value, receipt), rig.writing());
    expect(rig.emulator.effects()).toBe(effects);
  });

  it('finds the old version after others took AWSPREVIOUS and AWS collected what had no label', async () => {
    const value = fresh();
    await rig.push(value, rig.first);
    const between = await rig.store.read(rig.slot, rig);
    const second = fresh();
    const receipt = await rig.push(second, between?.version);
    collectGarbage(rig.emulator.secret(rig.slot));
    const undoSecond = { before: between?.version, values: undefined, receipt, pushed: { API_KEY: second } };
    await rig.store.restore(rig.slot, undoSecond, rig.writing());
    collectGarbage(rig.emulator.secret(rig.slot));
    const undoFirst = {
      before: rig.first,
      values: undefined,
      receipt: undefined,
      pushed: { API_KEY: value },
    };
    await rig.store.restore(rig.slot, undoFirst, rig.writing());
    expect(await rig.live()).toEqual({ API_KEY: OLD.reveal() });
  });

  it('writes the old value when its version is no more', async () => {
    const value = fresh();
    const receipt = await rig.push(value, rig.first);
    rig.emulator.secret(rig.slot).versions.delete(rig.first);
    await rig.store.restore(rig.slot, undo(value, receipt), rig.writing());
    expect(await rig.live()).toEqual({ API_KEY: OLD.reveal() });
  });

  it('clears away what a push that never went live had staged', async () => {
    const [value, token] = [fresh(), randomUUID()];
    rig.emulator.inject?.({ kind: 'status', status: 503, on: 'write' });
    await expect(rig.push(value, rig.first, token)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await rig.store.restore(rig.slot, undo(value, undefined), rig.writing(token));
    expect(rig.labels()[rig.first]).toEqual(['AWSCURRENT']);
    expect(Object.values(rig.labels()).flat()).toEqual(['AWSCURRENT']);
  });
});
