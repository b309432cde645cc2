import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import { overWriteOnlySlots } from '../../src/testing/stores/over-write-only-slots.ts';

/** A catalogue in which the slots of these kinds of store show no value. */
export function showingNothing(kinds: readonly string[], from: PluginCatalog): PluginCatalog {
  const blind = Object.entries(from.stores).map(([id, load]) => {
    const over = async () => overWriteOnlySlots(await load());
    return [id, kinds.includes(id) ? over : load] as const;
  });
  return { ...from, stores: Object.fromEntries(blind) };
}
