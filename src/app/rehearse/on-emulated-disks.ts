import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { StorePlugin } from '../../core/plugins/plugin.ts';

/** The store plug-ins, opened on the disks that their emulators can break. `emulators` is by the name of a connection. */
export function onEmulatedDisks(
  stores: PluginCatalog['stores'],
  emulators: ReadonlyMap<string, StoreEmulator>,
): PluginCatalog['stores'] {
  return Object.fromEntries(
    Object.entries(stores).map(([type, load]) => [type, async () => onItsDisk(await load(), emulators)]),
  );
}

function onItsDisk(plugin: StorePlugin, emulators: ReadonlyMap<string, StoreEmulator>): StorePlugin {
  const open: StorePlugin['open'] = async () => {
    const openReal = await plugin.open();
    return (options, ctx) => {
      const disk = emulators.get(ctx.name)?.disk;
      return openReal(options, disk === undefined ? ctx : { ...ctx, disk });
    };
  };
  return { ...plugin, open };
}
