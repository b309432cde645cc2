import { afterEach, beforeEach, expect, it } from 'vitest';
import { stores } from '../../src/catalog/stores.gen.ts';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import type { StorePlugin } from '../../src/core/plugins/plugin.ts';
import type { StoredSecret } from '../../src/core/plugins/store.ts';
import { describeAltered } from './support/altered-plugins.ts';
import { faultsOf, type Outcome } from './support/strange-answers.ts';
import { FIELD, openAt, type Place, placeOn, type StrangeStore, writing } from './support/strange-store.ts';

await describeAltered<StoreEmulator, StorePlugin>(stores, (plugin, start) => {
  let place: Place;
  beforeEach(async () => {
    place = await placeOn(await start());
  });
  afterEach(() => place.through.stop());

  const faults = <Result>(
    call: (rig: StrangeStore) => Promise<Result>,
    fault?: (outcome: Outcome<Result>) => Promise<string | undefined>,
  ) => {
    const open = () => openAt(plugin, place);
    return faultsOf({ own: [FIELD], open, call, ...(fault === undefined ? {} : { fault }) });
  };

  it('names nobody that it does not know', async () => {
    expect(await faults(({ store }) => store.whoami(writing()))).toEqual([]);
  });

  it('reads the value, or none', async () => {
    const wrong = async (outcome: Outcome<StoredSecret | undefined>) => {
      if ('error' in outcome) return undefined;
      const fields = Object.entries(outcome.result?.fields ?? {});
      const right = fields.every(([field, secret]) => secret.reveal() === place.old[field]);
      return right ? undefined : 'another value';
    };
    expect(await faults(({ store, slot }) => store.read(slot, writing()), wrong)).toEqual([]);
  });

  it('looks for what would stop a push', async () => {
    expect(await faults(({ store, slot }) => store.preflight(slot, writing()))).toEqual([]);
  });
});
