import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { stores } from '../../src/catalog/stores.gen.ts';
import type { Fields } from '../../src/core/credential.ts';
import type { StoreEmulator } from '../../src/core/plugins/emulator.ts';
import type { StorePlugin } from '../../src/core/plugins/plugin.ts';
import { describeAltered } from './support/altered-plugins.ts';
import { faultsOf, type Outcome } from './support/strange-answers.ts';
import { FIELD, openAt, placeOn, type StrangeStore, secrets, writing } from './support/strange-store.ts';

const push = ({ store, slot, next, before }: StrangeStore) =>
  store.write(slot, secrets(next), before?.version, writing());

/** A code that may be asked again promises that nothing happened. */
async function heldAfter(
  outcome: Outcome<unknown>,
  { emulator, slot }: StrangeStore,
  { wanted, was }: { readonly wanted: Fields<string>; readonly was: Fields<string> },
): Promise<string | undefined> {
  const held = await emulator.peek(slot);
  if ('result' in outcome) return isDeepStrictEqual(held, wanted) ? undefined : 'it says it is done';
  if (!outcome.error.retryable || isDeepStrictEqual(held, was)) return undefined;
  return `it is ${outcome.error.code} after an effect`;
}

await describeAltered<StoreEmulator, StorePlugin>(stores, (plugin, start) => {
  const open = async (): Promise<StrangeStore> => {
    const place = await placeOn(await start());
    const opened = await openAt(plugin, place);
    const close = async (): Promise<void> => {
      await opened.close();
      await place.through.stop();
    };
    return { ...opened, close };
  };

  it('says of a push that it is done when it is, and that nothing happened when nothing has', async () => {
    const fault = (outcome: Outcome<unknown>, rig: StrangeStore) =>
      heldAfter(outcome, rig, { wanted: rig.next, was: rig.old });
    expect(await faultsOf({ own: [FIELD], open, call: push, fault })).toEqual([]);
  });

  if (plugin.capabilities.restore === 'none') return;
  it('says of a way back that it is done when it is, and that nothing happened when nothing has', async () => {
    const found = await faultsOf({
      own: [FIELD],
      open: async () => {
        const rig = await open();
        return { ...rig, receipt: await push(rig) };
      },
      call: ({ store, slot, old, before, receipt, next }) => {
        const values = { values: secrets(old), pushed: secrets(next) };
        return store.restore(slot, { before: before?.version, receipt, ...values }, writing());
      },
      fault: (outcome, rig) => heldAfter(outcome, rig, { wanted: rig.old, was: rig.next }),
    });
    expect(found).toEqual([]);
  });
});
