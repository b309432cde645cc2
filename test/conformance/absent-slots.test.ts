import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stores } from '../../src/catalog/stores.gen.ts';
import type { Fields } from '../../src/core/credential.ts';
import { isRotationError } from '../../src/core/errors/rotation-error.ts';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import type { Restoration, Slot, Store, WriteContext } from '../../src/core/plugins/store.ts';
import { Secret } from '../../src/core/secret.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openOnEmulator } from '../../src/testing/open-on-emulator.ts';
import { plainValue } from '../../src/testing/sample-values.ts';

const writing = (): WriteContext => ({
  signal: new AbortController().signal,
  idempotencyToken: randomUUID(),
  rotationId: 'rot-absent',
});
const valuesFor = ({ fields }: Slot): Fields<string> =>
  Object.fromEntries(fields.map((field) => [field, plainValue()]));
const secrets = (values: Fields<string>): Fields<Secret> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, new Secret(value)]));

/** `done`, or the code of the refusal. */
async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'done';
  } catch (error) {
    if (isRotationError(error)) return error.code;
    throw error;
  }
}

/** Where every version is paid for, or the last few are kept. */
const KEEPS_VERSIONS = ['aws-secrets-manager', 'aws-ssm', 'azure-key-vault', 'gcp-secret-manager'];

/** Keys are put where their owner has made a place for them; a map of Vault has no settings that could be missed. */
const MAKES_SLOTS = ['hashicorp-vault'];

for (const [id, load] of Object.entries(stores)) {
  const plugin = await load();

  describe(id, () => {
    let emulator: StoreEmulator;
    let store: Store;
    beforeEach(async () => {
      emulator = await (await plugin.emulator())();
      store = await openOnEmulator(plugin, emulator, { clock: systemClock });
    });
    afterEach(async () => {
      await store.close?.();
      await emulator.stop();
    });

    const seeded = async (): Promise<{ slot: Slot; old: Fields<string>; before: string | undefined }> => {
      const wanted = emulator.sampleSlot('there', ['API_KEY']);
      const old = valuesFor(wanted);
      const slot = await emulator.seed(wanted, old);
      return { slot, old, before: (await store.read(slot, writing()))?.version };
    };
    const goBack = (slot: Slot, restoration: Pick<Restoration, 'before' | 'values' | 'pushed'>) =>
      codeOf(store.restore(slot, { receipt: undefined, ...restoration }, writing()));

    it('reads nothing where there is no slot, and pushes nothing there unless it makes slots', async () => {
      const slot = emulator.sampleSlot('absent', ['API_KEY']);
      const values = valuesFor(slot);
      expect(await store.read(slot, writing())).toBeUndefined();
      const outcome = await codeOf(store.write(slot, secrets(values), undefined, writing()));
      if (MAKES_SLOTS.includes(id)) {
        expect([outcome, await emulator.peek(slot)]).toEqual(['done', values]);
        return;
      }
      expect(['NOT_FOUND', 'REFUSED']).toContain(outcome);
      expect([emulator.effects(), await emulator.peek(slot)]).toEqual([0, undefined]);
    });

    it('puts nothing back where the slot is gone', async () => {
      const slot = emulator.sampleSlot('absent', ['API_KEY']);
      const known = { before: '1', values: secrets(valuesFor(slot)), pushed: secrets(valuesFor(slot)) };
      expect(['NOT_FOUND', 'DRIFT']).toContain(await goBack(slot, known));
      expect([emulator.effects(), await emulator.peek(slot)]).toEqual([0, undefined]);
    });

    it('never goes back to a value that nobody knows', async () => {
      const { slot, old } = await seeded();
      const effects = emulator.effects();
      const unknown = { before: undefined, values: undefined, pushed: secrets(old) };
      expect(['REFUSED', 'DRIFT', 'CONFLICT']).toContain(await goBack(slot, unknown));
      expect([emulator.effects(), await emulator.peek(slot)]).toEqual([effects, old]);
    });

    if (!plugin.capabilities.readable) return;

    it('is back already where the push never arrived: nothing is written', async () => {
      const { slot, old, before } = await seeded();
      const effects = emulator.effects();
      const pushed = secrets(valuesFor(slot));
      expect(await goBack(slot, { before, values: secrets(old), pushed })).toBe('done');
      expect([emulator.effects(), await emulator.peek(slot)]).toEqual([effects, old]);
    });

    if (!KEEPS_VERSIONS.includes(id)) return;

    it('makes no second version when a push that arrived is sent again', async () => {
      const { slot, old, before } = await seeded();
      const receipt = await store.write(slot, secrets(old), undefined, writing());
      expect([receipt.version, emulator.effects()]).toEqual([before, 0]);
    });
  });
}
