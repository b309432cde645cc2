import { afterEach, describe, expect, test } from 'vitest';
import { approveRotation, resumeRotation } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { obedientDialog, REQUEST, type Shape, startWorld, type TestWorld } from '../support/world.ts';
import { type Trouble, withTrouble } from './support/trouble-at-the-gate.ts';

let world: TestWorld;
afterEach(() => world.stop());

/** At the gate, with everything pushed and checked. */
async function atTheGate(
  over: Partial<Runtime> = {},
  shape: Shape = {},
): Promise<{ runtime: Runtime; rotationId: string; trouble: Trouble }> {
  world = await startWorld({ ...shape, policy: { deactivate: 'ask' } });
  const { trouble, catalog } = withTrouble(world);
  const runtime = world.runtime({ catalog, ...over });
  const { status, rotationId } = await rotate(runtime, REQUEST, obedientDialog());
  expect(status).toBe('at-gate');
  return { runtime, rotationId, trouble };
}

const approve = (runtime: Runtime, rotationId: string, despiteEvidence = false) =>
  approveRotation(runtime, rotationId, { by: 'ann', despiteEvidence }, obedientDialog());

describe('the gate, when it is approved, asks the real systems once more', () => {
  test('and opens when each still holds and takes the new key', async () => {
    const { runtime, rotationId } = await atTheGate();
    expect(await approve(runtime, rotationId)).toMatchObject({ status: 'done' });
  });

  test('and stays shut when a store does not hold the new key any more, and names it', async () => {
    const { runtime, rotationId } = await atTheGate();
    const target = world.targets[1];
    if (target === undefined) throw new Error('the world has one target only');
    const { accessKeyId, secretAccessKey } = world.oldKey.credential;
    await world.stores.get(target.store)?.overwrite(target.slot, {
      ACCESS_ID: accessKeyId?.reveal() ?? '',
      ACCESS_SECRET: secretAccessKey?.reveal() ?? '',
    });

    expect(await approve(runtime, rotationId)).toMatchObject({
      status: 'at-gate',
      exitCode: 6,
      evidence: expect.arrayContaining([
        { verdict: 'fail', text: expect.stringContaining(`${target.store}/${target.slot.ref}`) },
      ]),
    });
    expect(await world.issuer.isLive(world.oldKey.credential)).toBe(true);

    expect(await approve(runtime, rotationId, true)).toMatchObject({ status: 'done' });
  });
});

describe('a store that never shows what it holds', () => {
  const shape = { stores: ['github-actions'] };

  test('lets the gate open while nobody has updated it since the push', async () => {
    const { runtime, rotationId } = await atTheGate({}, shape);
    const report = await approve(runtime, rotationId);
    expect(report).toMatchObject({ status: 'done' });
  });

  test('keeps it shut when somebody has: it may hold the old key again', async () => {
    const { runtime, rotationId } = await atTheGate({}, shape);
    const target = world.targets[0];
    if (target === undefined) throw new Error('the world has no target');
    const values = Object.fromEntries(target.slot.fields.map((field) => [field, `theirs-for-${field}`]));
    await world.stores.get(target.store)?.overwrite(target.slot, values);

    expect(await approve(runtime, rotationId)).toMatchObject({
      status: 'at-gate',
      evidence: expect.arrayContaining([
        { verdict: 'fail', text: expect.stringContaining('updated by somebody else after the push') },
      ]),
    });
    expect(await world.issuer.isLive(world.oldKey.credential)).toBe(true);
  });
});

describe('a system that does not answer at the gate is evidence too', () => {
  const denied = () =>
    new RotationError('PERMISSION_DENIED', { subject: 'vault', hint: 'Grant `read` on it.' });
  const down = () => new RotationError('UNAVAILABLE', { subject: 'vault', hint: 'Wake it up.' });

  test.each([
    ['may not be read', denied],
    ['is down', down],
  ])(
    'a store that %s fails, with its target, the code and the hint, until it can be read',
    async (_why, error) => {
      const { runtime, rotationId, trouble } = await atTheGate();
      const { code, hint } = error();
      trouble.onRead = (store) => {
        if (store === 'hashicorp-vault') throw error();
      };

      const report = await approve(runtime, rotationId);
      expect(report).toMatchObject({ status: 'at-gate', exitCode: 6 });
      const [failing, ...others] = report.evidence.filter(({ verdict }) => verdict === 'fail');
      expect(others).toEqual([]);
      for (const told of ['hashicorp-vault/secret/apps/ci', code, hint])
        expect(failing?.text).toContain(told);
      expect(report.evidence).toContainEqual({
        verdict: 'pass',
        text: '1 target read back: each holds the new key',
      });
      expect(await world.issuer.isLive(world.oldKey.credential)).toBe(true);

      trouble.onRead = () => {};
      expect(await approve(runtime, rotationId)).toMatchObject({ status: 'done' });
    },
  );

  test('a check that throws is inconclusive, and says why', async () => {
    const { runtime, rotationId, trouble } = await atTheGate();
    trouble.onCheck = () => {
      throw new RotationError('NOT_FOUND', { subject: 'curl', hint: 'Install it.' });
    };

    // Nobody has approved: the gate is only looked at.
    const report = await resumeRotation(runtime, rotationId, obedientDialog());
    expect(report).toMatchObject({ status: 'at-gate', exitCode: 6 });
    const [item] = report.evidence.filter(({ verdict }) => verdict === 'inconclusive');
    for (const told of ['shop (alive)', 'NOT_FOUND', 'curl', 'Install it.'])
      expect(item?.text).toContain(told);
  });

  test('what it says is shown and journalled without live values', async () => {
    const { runtime, rotationId, trouble } = await atTheGate({
      redact: (text) => text.replaceAll('hunter2', '[redacted]'),
    });
    trouble.onCheck = () => {
      throw new RotationError('UNAVAILABLE', { subject: 'the proxy', reason: 'no upstream for hunter2' });
    };
    const report = await resumeRotation(runtime, rotationId, obedientDialog());
    expect(JSON.stringify(report.evidence)).toContain('no upstream for [redacted]');
    for await (const entry of runtime.storage.entries(rotationId))
      expect(JSON.stringify(entry)).not.toContain('hunter2');
  });

  test('a defect is not', async () => {
    const { runtime, rotationId, trouble } = await atTheGate();
    trouble.onRead = () => {
      throw new TypeError('undefined is not a function');
    };
    await expect(approve(runtime, rotationId)).rejects.toThrow(TypeError);
  });
});

describe('somebody who asks to stop while evidence is gathered', () => {
  const cutOff = (): never => {
    throw new RotationError('UNAVAILABLE', { subject: 'vault' });
  };
  // With nobody to ask after the stores, no later question would notice.
  const storesOnly: Shape = { issuer: { type: 'generated' }, withService: false };

  test.each([
    ['a read that is cut off', {}, cutOff],
    ['a read that is cut off, and the last', storesOnly, cutOff],
    ['a read that succeeds still', storesOnly, () => {}],
  ])('is heard (%s): half the evidence opens no gate', async (_when, shape, then) => {
    const stop = new AbortController();
    const interruption = { soft: stop.signal, hard: stop.signal };
    const { runtime, rotationId, trouble } = await atTheGate({ interruption }, shape);
    let reads = 0;
    trouble.onRead = () => {
      reads += 1;
      // The second time round: after the approval.
      if (reads <= world.targets.length) return;
      stop.abort();
      then();
    };
    const report = await approve(runtime, rotationId);
    expect(report).toMatchObject({
      status: 'interrupted',
      exitCode: 130,
      live: { oldKey: { state: 'live' } },
    });
    expect(report.next[0]).toBe(`keyturn resume ${rotationId}`);
    const said: string[] = [];
    for await (const { type } of runtime.storage.entries(rotationId)) said.push(type);
    expect(said).toContain('gate.approved');
    expect(said).not.toContain('gate.opened');
  });
});
