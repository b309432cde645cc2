import type { PluginCatalog } from '../../config/plugin-catalog.ts';
import type { CheckEmulator, IssuerEmulator } from '../../core/plugins/emulator.ts';
import type { CheckPlugin } from '../../core/plugins/plugin.ts';

/**
 * The check plug-ins, with emulated services behind them that work with exactly the keys that are live at the
 * emulated issuer. `emulators` is by the name a check is opened with.
 */
export function honestServices(
  checks: PluginCatalog['checks'],
  emulators: ReadonlyMap<string, CheckEmulator>,
  issuer: IssuerEmulator,
): PluginCatalog['checks'] {
  return Object.fromEntries(
    Object.entries(checks).map(([type, load]) => [type, async () => honest(await load(), emulators, issuer)]),
  );
}

function honest(
  plugin: CheckPlugin,
  emulators: ReadonlyMap<string, CheckEmulator>,
  issuer: IssuerEmulator,
): CheckPlugin {
  const open: CheckPlugin['open'] = async () => {
    const openReal = await plugin.open();
    return async (options, ctx) => {
      const check = await openReal(options, ctx);
      return {
        run: async (subject, call) => {
          const live = await issuer.isLive(subject.credential);
          const values = Object.values(subject.credential).map((secret) => secret.reveal());
          emulators.get(ctx.name)?.accept(live ? values : []);
          return check.run(subject, call);
        },
      };
    };
  };
  return { ...plugin, open };
}
