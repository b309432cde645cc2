import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import { slotOffers } from '../../core/plugins/slot-offers.ts';
import { systemClock } from '../../lib/clock.ts';
import { named } from '../named.ts';
import { createPluginHost } from '../plugin-host.ts';
import { absentOperator } from '../stdin-operator.ts';
import type { EmulatedSystems } from './emulated-systems.ts';

/** Whether no slot shows its value. Then the key that is live must be given, as the user gives it with `current`. */
export async function nothingReadable(
  { targets, connections, resolve }: Pick<EmulatedSystems, 'targets' | 'connections' | 'resolve'>,
  catalog: PluginCatalog,
  baseDir: string,
): Promise<boolean> {
  const host = createPluginHost({ catalog, baseDir, resolve, clock: systemClock, operator: absentOperator });
  const { signal } = new AbortController();
  try {
    for (const { store: name, slot } of targets) {
      const { store, capabilities } = await host.store(name, named(connections(), 'store', name));
      // At best: what no slot shows need not be asked for.
      if (!capabilities.readable) continue;
      if (slotOffers(capabilities, await store.preflight(slot, { signal })).readable) return false;
    }
    return true;
  } finally {
    await host.closeAll();
  }
}
