import { describe, expect, it } from 'vitest';
import { checks } from '../../src/catalog/checks.gen.ts';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import { stores } from '../../src/catalog/stores.gen.ts';

interface Startable {
  readonly emulator: () => Promise<
    () => Promise<{ resolve(reference: string): string | undefined; stop(): Promise<void> }>
  >;
}

const CATALOG: Readonly<Record<string, Readonly<Record<string, () => Promise<Startable>>>>> = {
  stores,
  issuers,
  checks,
  reloads,
};

/** A rehearsal asks emulators what a reference stands for: one that knew the user's own would bring real secrets in. */
describe.each(Object.keys(CATALOG))('emulators of %s', (kind) => {
  it.each(Object.keys(CATALOG[kind] ?? {}))('%s knows no reference but those it gave out', async (id) => {
    const plugin = await CATALOG[kind]?.[id]?.();
    const emulator = await (await plugin?.emulator())?.();
    try {
      for (const reference of ['env:HOME', 'env:PATH', 'file:/etc/hostname', 'exec:id', '', 'value'])
        expect(emulator?.resolve(reference), reference).toBeUndefined();
    } finally {
      await emulator?.stop();
    }
  });
});
