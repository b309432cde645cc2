import { describe, expect, it } from 'vitest';
import { resumeRotation } from '../../src/app/resume.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { go, oldKeyLives, open, world } from './support/open-world.ts';
import { refuseNewKeys } from './support/refuse-new-keys.ts';

const contain = { ...REQUEST, mode: 'contain' as const };
const resume = (rotationId: string) => resumeRotation(world.runtime(), rotationId, obedientDialog());
/** IAM says no to the deletion of the refused key, so many times. */
const mayNotDelete = (times: number) => (): void => {
  void world.issuer.inject?.({ on: 'write', kind: 'status', status: 403, times });
};

describe('a new key that is refused', () => {
  it('is gone when the rotation has been rolled back', async () => {
    await open();
    const report = await go(refuseNewKeys(world, 1));
    expect(report).toMatchObject({ status: 'rolled-back', exitCode: 4 });
    expect(report.message).toContain('no key of mine');
    expect(await world.issuer.keys()).toEqual([{ id: world.oldKey.id, active: true }]);
    expect(await oldKeyLives()).toBe(true);
  });

  it('is gone when a contained leak stops there, and a resume makes the only other one', async () => {
    await open();
    const report = await go(refuseNewKeys(world, 1), contain);
    expect(report).toMatchObject({ status: 'stopped', error: { code: 'REFUSED' } });
    expect(await world.issuer.keys()).toEqual([{ id: world.oldKey.id, active: false }]);

    expect(await resume(report.rotationId)).toMatchObject({ status: 'done' });
    expect(await world.issuer.keys()).toHaveLength(2);
    expect(await holdings(world)).toEqual(['new', 'new']);
  });
});

describe.each([REQUEST, contain])('a refused key that could not be removed ($mode)', (request) => {
  it('is found again and removed before another one is made', async () => {
    await open();
    const report = await go(refuseNewKeys(world, 1, mayNotDelete(1)), request);
    expect(report).toMatchObject({ status: 'done' });
    const active = (await world.issuer.keys()).filter((key) => key.active);
    expect(active).toEqual([{ id: report.live.newKey.id, active: true }]);
  });

  it('keeps the rotation where it is until it can be', async () => {
    await open();
    const report = await go(refuseNewKeys(world, 1, mayNotDelete(2)), request);
    expect(report).toMatchObject({ status: 'stuck', exitCode: 5, error: { code: 'PERMISSION_DENIED' } });
    expect(await world.issuer.keys()).toHaveLength(2);

    const resumed = await resume(report.rotationId);
    expect(resumed).toMatchObject({ status: 'done' });
    const active = (await world.issuer.keys()).filter((key) => key.active);
    expect(active).toEqual([{ id: resumed.live.newKey.id, active: true }]);
  });
});
