import { expect, it } from 'vitest';
import { checks } from '../../src/catalog/checks.gen.ts';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { notifiers } from '../../src/catalog/notifiers.gen.ts';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import { stores } from '../../src/catalog/stores.gen.ts';

/** Kept away from every wire, they would not be asked what they do when it breaks: the suites go by this. */
const KINDS = { stores, issuers, checks, reloads, notifiers };
const ALL = Object.entries(KINDS).flatMap(([kind, plugins]) =>
  Object.entries(plugins).map(([id, load]) => ({ kind, id, load })),
);

/** It makes keys out of nothing, and asks nobody. */
const WITHOUT = ['issuers generated'];

it.each(ALL)('$kind $id can be broken at its wire', async ({ kind, id, load }) => {
  const start = await (await load()).emulator();
  const emulator = await start();
  await emulator.stop();
  expect(emulator.inject === undefined).toBe(WITHOUT.includes(`${kind} ${id}`));
});
