import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { stores } from '../../src/catalog/stores.gen.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot, Store } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';

interface GivenStore {
  readonly id: string;
  readonly options: JsonObject;
  readonly slot: Slot;
}

/**
 * A small suite for a server somebody runs for us: it reads a slot that must exist, writes it, takes the write back,
 * and leaves it as it was.
 */
export function givenStoreCases({ id, options, slot }: GivenStore): void {
  const { signal } = new AbortController();

  it(`${id}: writes ${slot.ref}, reads it back, and restores what was there`, async () => {
    const store = await openGivenStore(id, options);
    try {
      const before = await store.read(slot, { signal });
      expect(before, `${slot.ref} must hold a value before the test`).toBeDefined();
      const pushed = Object.fromEntries(
        slot.fields.map((field) => [field, new Secret(`kt-${randomBytes(18).toString('base64url')}`)]),
      );
      const writing = { signal, rotationId: 'test-servers', idempotencyToken: randomUUID() };
      const receipt = await store.write(slot, pushed, before?.version, writing);
      const after = await store.read(slot, { signal });
      const restoration = { before: before?.version, values: before?.fields, receipt, pushed };
      await store.restore(slot, restoration, writing);
      expect(fingerprints(after?.fields)).toEqual(fingerprints(pushed));
      expect(fingerprints((await store.read(slot, { signal }))?.fields)).toEqual(
        fingerprints(before?.fields),
      );
    } finally {
      await store.close?.();
    }
  });
}

export async function openGivenStore(id: string, options: JsonObject): Promise<Store> {
  const plugin = await stores[id]?.();
  if (plugin === undefined) throw new Error(`there is no store ${id}`);
  const [schema, openStore] = [await plugin.options(), await plugin.open()];
  const nobody = (): Promise<never> => Promise.reject(new Error('nobody is there'));
  // The catalogue has forgotten the type of the options; the schema has just proved it.
  return openStore(schema.parse(options) as never, {
    name: id,
    baseDir: process.cwd(),
    clock: systemClock,
    timeoutMs: 20_000,
    resolve: async (reference) => new Secret(process.env[reference.replace(/^env:/, '')] ?? ''),
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
}

function fingerprints(fields: Readonly<Record<string, Secret>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).map(([name, secret]) => [name, secret.fingerprint()]),
  );
}
