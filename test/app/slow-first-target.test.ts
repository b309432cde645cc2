import { expect, it } from 'vitest';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { plugin as vault } from '../../src/stores/hashicorp-vault/index.ts';
import { REQUEST } from '../support/world.ts';
import { open, storeOf, target, world } from './support/open-world.ts';

it('where two slots hold two keys, the current one is that of the first target, not of the first to answer', async () => {
  await open();
  const other = await world.issuer.issue();
  const dotenv = world.targets.findIndex(({ store }) => store === 'dotenv');
  const values = Object.entries(target(dotenv).parts).map(
    ([field, part]) => [field, other.credential[part]?.reveal() ?? ''] as const,
  );
  await storeOf('dotenv').overwrite(target(dotenv).slot, Object.fromEntries(values));
  let answered = (): void => {};
  const dotenvWasRead = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const openReal = await vault.open();
  const slow: typeof openReal = async (options, ctx) => {
    const store = await openReal(options, ctx);
    return {
      ...store,
      read: async (slot, call) => {
        const found = await store.read(slot, call);
        await dotenvWasRead;
        return found;
      },
    };
  };
  const stores = {
    ...world.catalog.stores,
    'hashicorp-vault': async () => ({ ...vault, open: async () => slow }),
  };

  const { plan } = await planRotation(world.runtime({ catalog: { ...world.catalog, stores } }), REQUEST, {
    acceptDrift: true,
    onPreflight: () => answered(),
  });

  expect(plan.targets.map(({ store }) => store)).toEqual(['hashicorp-vault', 'dotenv']);
  expect(plan.oldKeyId).toBe(world.oldKey.id);
});
