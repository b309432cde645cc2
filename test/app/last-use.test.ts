import { afterEach, expect, test } from 'vitest';
import { rotate } from '../../src/app/rotate.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type { ReplacedKey } from '../../src/core/plugins/issuer.ts';
import { obedientDialog, REQUEST, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
afterEach(() => world.stop());

/** The world's issuers, which note what they are asked about. */
function overheard(issuers: PluginCatalog['issuers'], asked: ReplacedKey[]): PluginCatalog['issuers'] {
  return Object.fromEntries(
    Object.entries(issuers).map(([type, load]) => [
      type,
      async () => {
        const real = await load();
        const open = await real.open();
        const opened: typeof open = async (options, ctx) => {
          const issuer = await open(options, ctx);
          return {
            ...issuer,
            lastUsed: async (key, call) => {
              asked.push(key);
              return (await issuer.lastUsed?.(key, call)) ?? { lastUsedAt: undefined };
            },
          };
        };
        return { ...real, open: async () => opened };
      },
    ]),
  );
}

test('at the gate the issuer hears with the old key who it acts as: not each finds it by its id', async () => {
  world = await startWorld({ policy: { deactivate: 'ask' } });
  const asked: ReplacedKey[] = [];
  const catalog = { ...world.catalog, issuers: overheard(world.catalog.issuers, asked) };
  await rotate(world.runtime({ catalog }), REQUEST, obedientDialog());
  expect(asked.at(-1)).toMatchObject({
    id: world.oldKey.id,
    principal: { id: expect.stringContaining(':user/'), details: expect.anything() },
  });
});
