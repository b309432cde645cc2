import type { Runtime } from '../../../src/app/runtime.ts';
import type { PluginCatalog } from '../../../src/config/plugin-catalog.ts';
import type { TestWorld } from '../../support/world.ts';

/** What happens when a store has been read, and before each check: by default nothing. */
export interface Trouble {
  onRead: (store: string) => void;
  onCheck: () => void;
}

/** The world with plug-ins that do as they are told beside what they do. */
export function withTrouble(world: TestWorld): Pick<Runtime, 'catalog'> & { readonly trouble: Trouble } {
  const trouble: Trouble = { onRead: () => {}, onCheck: () => {} };
  const stores: PluginCatalog['stores'] = Object.fromEntries(
    Object.entries(world.catalog.stores).map(([type, load]) => [
      type,
      async () => {
        const real = await load();
        const open = await real.open();
        const opened: typeof open = async (options, ctx) => {
          const store = await open(options, ctx);
          return {
            ...store,
            read: async (slot, call) => {
              const found = await store.read(slot, call);
              trouble.onRead(ctx.name);
              return found;
            },
          };
        };
        return { ...real, open: async () => opened };
      },
    ]),
  );
  const checks: PluginCatalog['checks'] = Object.fromEntries(
    Object.entries(world.catalog.checks).map(([type, load]) => [
      type,
      async () => {
        const real = await load();
        const open = await real.open();
        const opened: typeof open = async (options, ctx) => {
          const check = await open(options, ctx);
          return {
            run: async (subject, call) => {
              trouble.onCheck();
              return check.run(subject, call);
            },
          };
        };
        return { ...real, open: async () => opened };
      },
    ]),
  );
  return { catalog: { ...world.catalog, stores, checks }, trouble };
}
