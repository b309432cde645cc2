import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftPlan } from '../../src/app/plan/draft-plan.ts';
import type { RotationConfig } from '../../src/config/rotation-config.ts';
import { isRotationError } from '../../src/core/errors/rotation-error.ts';
import { REQUEST, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const draft = (over: Partial<RotationConfig> = {}, key = REQUEST.key) =>
  draftPlan({ ...world.config, ...over }, { ...REQUEST, key });
const refusalOf = (work: () => unknown): string => {
  try {
    work();
    return 'it was drafted';
  } catch (error) {
    if (isRotationError(error, 'CONFIG_INVALID')) return error.message;
    throw error;
  }
};

describe('a plan', () => {
  it('for a key that the config does not have names those it has', () => {
    expect(refusalOf(() => draft({}, 'the-kye'))).toContain('there are: the-key');
    expect(refusalOf(() => draft({ keys: {} }))).toContain('there are: none');
  });

  it('leaves services out that read other keys, and checks of other keys', () => {
    const { shop } = world.config.services;
    if (shop === undefined) throw new Error('the world has no service');
    const [use] = shop.uses;
    const [check] = shop.checks;
    if (use === undefined || check === undefined) throw new Error('the service has no use, or no check');
    const services = {
      shop: {
        ...shop,
        checks: [check, { ...check, name: 'own', key: 'the-key' }, { ...check, name: 'other', key: 'other' }],
      },
      other: { ...shop, uses: [{ ...use, key: 'other' }] },
    };
    const plan = draft({ services });
    expect(plan.services.map(({ name }) => name)).toEqual(['shop']);
    expect(plan.services[0]?.checks.map(({ name }) => name)).toEqual([check.name, 'own']);
  });

  it('puts a target of nobody’s service into the last wave, and keeps a service without an owner', () => {
    const { shop } = world.config.services;
    if (shop === undefined) throw new Error('the world has no service');
    const plan = draft({ services: { shop: { ...shop, owner: undefined } } });
    expect(plan.services[0]?.owner).toBeNull();
    const waves = Object.fromEntries(plan.targets.map(({ store, wave }) => [store, wave]));
    expect(waves).toEqual({ dotenv: 'canary', 'hashicorp-vault': 'production' });
    expect(plan.waves).toEqual(['canary', 'production']);
  });
});
