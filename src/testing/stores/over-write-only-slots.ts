import type { StorePlugin } from '../../core/plugins/plugin.ts';

/** The same plug-in in front of slots that show no value, which only its preflight tells. */
export function overWriteOnlySlots(plugin: StorePlugin): StorePlugin {
  return {
    ...plugin,
    emulator: async () => {
      const start = await plugin.emulator();
      return async () => {
        const { writeOnly } = await start();
        if (writeOnly === undefined) throw new Error(`all slots of ${plugin.id} are alike`);
        return writeOnly.emulator;
      };
    },
  };
}
