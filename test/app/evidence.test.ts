import { afterEach, describe, expect, test } from 'vitest';
import { approveRotation } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { obedientDialog, REQUEST, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
afterEach(() => world.stop());

/** At the gate, with everything pushed and checked. */
async function atTheGate(): Promise<{ runtime: Runtime; rotationId: string }> {
  world = await startWorld({ policy: { deactivate: 'ask' } });
  const runtime = world.runtime();
  const { status, rotationId } = await rotate(runtime, REQUEST, obedientDialog());
  expect(status).toBe('at-gate');
  return { runtime, rotationId };
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
