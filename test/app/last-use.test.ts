import { afterEach, expect, test } from 'vitest';
import { oldKeyIdle } from '../../src/app/phases/issuer-evidence.ts';
import type { BoundPlan } from '../../src/app/plan/bound-plan.ts';
import { rotate } from '../../src/app/rotate.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type { Json } from '../../src/core/json.ts';
import type { ReplacedKey } from '../../src/core/plugins/issuer.ts';
import type { StepContext } from '../../src/core/step.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { reload } from '../../src/steps/reload.ts';
import { obedientDialog, REQUEST, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld | undefined;
afterEach(() => world?.stop());

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

test('a service may use the old key until its reload is over: only what is later speaks against the gate', async () => {
  const clock = virtualClock(Date.UTC(2031, 0, 1));
  const outputs = new Map<string, Json>([['capture-old-key', { keyId: 'old', parts: {} }]]);
  const ctx = { clock, output: (id: string) => outputs.get(id) } as unknown as StepContext;
  const at = (): string => new Date(clock.now()).toISOString();

  outputs.set('push:a', { at: clock.now() });
  clock.advance(60_000);
  let lastUsedAt = at();
  const slowly = {
    run: async () => {
      clock.advance(60_000);
      return { rolledOut: true };
    },
  };
  outputs.set('reload:shop', await reload('shop', slowly).run(null, ctx));
  const bound = {
    plan: { principal: null },
    issuer: { issuer: { lastUsed: async () => ({ lastUsedAt }) } },
    targets: [{ id: 'a' }],
    services: [{ planned: { name: 'shop' } }],
  } as unknown as BoundPlan;

  expect(await oldKeyIdle(bound, ctx, undefined)).toMatchObject([{ verdict: 'pass' }]);
  clock.advance(1);
  lastUsedAt = at();
  expect(await oldKeyIdle(bound, ctx, undefined)).toMatchObject([{ verdict: 'fail' }]);
});
