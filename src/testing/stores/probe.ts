import type { StorePlugin } from '../../core/plugins/plugin.ts';
import type { StoreCapabilities } from '../../core/plugins/store.ts';
import { overWriteOnlySlots } from './over-write-only-slots.ts';

/** What decides which promises a store can be asked to keep. */
export interface StoreTraits {
  readonly plugin: StorePlugin;
  /** There is a network that can break. */
  readonly wire: boolean;
  /** What that speaks, where it is not HTTP: `program`, `files`. */
  readonly protocol?: string;
  /** A slot can hold more than one field. */
  readonly fielded: boolean;
  /** What its descriptor says, where these slots are not its best. */
  readonly best?: StoreCapabilities;
}

export interface Probed extends StoreTraits {
  /** The same store over slots that show no value, where some are like that: it has to keep every promise there too. */
  readonly writeOnly: StoreTraits | undefined;
}

export async function probe(load: () => Promise<StorePlugin>): Promise<Probed> {
  const plugin = await load();
  const emulator = await (await plugin.emulator())();
  try {
    const slot = emulator.sampleSlot('probe', ['API_KEY', 'API_SECRET']);
    const { inject, protocol, writeOnly } = emulator;
    const traits = {
      plugin,
      wire: inject !== undefined,
      ...(protocol && { protocol }),
      fielded: slot.fields.length > 1,
    };
    if (writeOnly === undefined) return { ...traits, writeOnly };
    const { capabilities } = writeOnly;
    const blind = { ...overWriteOnlySlots(plugin), capabilities };
    return { ...traits, writeOnly: { ...traits, plugin: blind, best: plugin.capabilities } };
  } finally {
    await emulator.stop();
  }
}
