import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConjurRig, freshValues, ONE, openConjurRig, secrets } from './cyberark-conjur-rig.ts';

let rig: ConjurRig;
beforeEach(async () => {
  rig = await openConjurRig();
});
afterEach(() => rig.close());

describe('a push to a leader with followers', () => {
  const pushThrough = async (lag: number) => {
    await rig.emulator.seed(ONE, freshValues(ONE));
    const follower = await rig.emulator.startFollower(lag);
    const store = await rig.open({ followers: [follower.url] });
    await store.preflight(ONE, rig.ctx);
    return { follower, receipt: await store.write(ONE, secrets(freshValues(ONE)), '2', rig.ctx) };
  };

  it('is done when they show it', async () => {
    const { receipt } = await pushThrough(3);
    expect(receipt).toEqual({ version: '3' });
    expect(rig.clock.sleeps).toEqual([1000, 1000, 1000]);
  });

  it('does not wait for ever, and says who is behind', async () => {
    const { receipt, follower } = await pushThrough(1000);
    expect(receipt).toEqual({ version: '3', details: { followersBehind: [follower.url] } });
    expect(rig.clock.sleeps).toHaveLength(29);
  });
});
