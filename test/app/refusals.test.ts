import { describe, expect, it } from 'vitest';
import { planRotation } from '../../src/app/plan-rotation.ts';
import type { KeyPolicy } from '../../src/config/rotation-config.ts';
import { Secret } from '../../src/core/secret.ts';
import { holdings, REQUEST } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';
import {
  before,
  effects,
  garbage,
  go,
  oldKeyLives,
  open,
  storeOf,
  target,
  world,
} from './support/open-world.ts';

describe('preflight refuses, and nothing is touched', () => {
  async function expectRefusal(run: () => Promise<unknown>, found: string): Promise<void> {
    const untouched = effects();
    await expect(run()).rejects.toMatchObject({
      exitCode: 3,
      findings: expect.arrayContaining([
        expect.objectContaining({ severity: 'error', message: expect.stringContaining(found) }),
      ]),
    });
    expect(effects()).toBe(untouched);
    expect(await holdings(world)).toEqual(['old', 'old']);
    expect(await world.runtime().storage.rotationIds()).toEqual([]);
  }

  it('more targets than policy.maxTargets', async () => {
    await open({ policy: { maxTargets: 1 } });
    await expectRefusal(() => go(), 'more than policy.maxTargets (1)');
  });

  it('a service that is broken before the change', async () => {
    await open();
    await expectRefusal(() => go(failChecks(world, 'baseline')), '(baseline)');
  });

  it('a store that is not the expected one (a new credential in the wrong environment)', async () => {
    await open();
    const { config } = world;
    const vault = config.stores['hashicorp-vault'];
    if (vault === undefined) throw new Error('the world has no vault');
    const stores = {
      ...config.stores,
      'hashicorp-vault': { ...vault, expect: { address: 'https://elsewhere' } },
    };

    await expectRefusal(() => go({ config: { ...config, stores } }), 'https://elsewhere');
  });

  it('a target that holds another value than the others', async () => {
    await open();
    const at = world.targets.findIndex((one) => one.store === 'hashicorp-vault');
    await storeOf('hashicorp-vault').overwrite(target(at).slot, garbage(at));
    const untouched = effects();

    await expect(go()).rejects.toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ code: 'DRIFT', severity: 'error' })]),
    });

    expect(effects()).toBe(untouched);
  });
});

describe('a reviewed plan', () => {
  const plan = async () =>
    (await planRotation(world.runtime(), REQUEST, { acceptDrift: false, onPreflight: () => {} })).plan;

  it('is carried out while the world is as it says', async () => {
    await open();

    expect(await go({}, { ...REQUEST, approvedPlan: await plan() })).toMatchObject({ status: 'done' });
  });

  it('is refused with exit code 8 once a target holds another value, or the policy was changed', async () => {
    await open();
    const approvedPlan = await plan();
    const untouched = effects();

    const policy: Partial<KeyPolicy> = { graceMs: 1 };
    await expect(go({}, { ...REQUEST, policy, approvedPlan })).rejects.toMatchObject({
      code: 'DRIFT',
      exitCode: 8,
    });
    expect(effects()).toBe(untouched);

    await world.stores.get(target(0).store)?.overwrite(target(0).slot, garbage(0));
    await expect(go({}, { ...REQUEST, approvedPlan, acceptDrift: true })).rejects.toMatchObject({
      code: 'DRIFT',
      exitCode: 8,
      message: expect.stringContaining('holds another value'),
    });
  });
});

describe('two rotations of one key at once', () => {
  it('the second one is told LOCKED (exit 7) and touches nothing', async () => {
    await open();
    let second: Promise<unknown> = Promise.resolve();

    const first = await go(
      before('push:', async () => {
        second = go().catch((error: unknown) => error);
        await second;
      }),
    );

    expect(first).toMatchObject({ status: 'done' });
    expect(await second).toMatchObject({ code: 'LOCKED', exitCode: 7 });
    expect(await world.issuer.keys()).toHaveLength(1);
  });

  it('also while the first one is only paused', async () => {
    await open({ policy: { deactivate: 'ask' } });
    await go();

    await expect(go()).rejects.toMatchObject({ code: 'LOCKED', exitCode: 7 });
  });
});

describe('a person who brings the new key', () => {
  it('and pastes the one in use is refused before any push', async () => {
    await open({ issuer: { type: 'postman' } });
    const value = world.oldKey.credential['value']?.reveal() ?? '';
    const operator = { ...world.operator, provideCredential: async () => ({ value: new Secret(value) }) };
    const written = [...world.stores.values()].map((store) => store.effects());

    const report = await go({ operator });

    expect(report).toMatchObject({ status: 'rolled-back', exitCode: 4 });
    expect(report.message).toContain('it is the same as the old one');
    expect([...world.stores.values()].map((store) => store.effects())).toEqual(written);
    expect(await oldKeyLives()).toBe(true);
    expect(await holdings(world)).toEqual(['old', 'old']);
  });

  it('and pastes a good one rotates', async () => {
    await open({ issuer: { type: 'postman' } });

    expect(await go()).toMatchObject({ status: 'done' });

    expect(await world.issuer.keys()).toHaveLength(1);
    expect(await oldKeyLives()).toBe(false);
  });
});
