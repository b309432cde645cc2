import type { Runtime } from '../../../src/app/runtime.ts';
import type { PluginCatalog } from '../../../src/config/plugin-catalog.ts';
import type { TestWorld } from '../../support/world.ts';

/** Which look at a service fails, once: with the old key, after the push, or after the old key was switched off. */
export type FailingLook = 'baseline' | 'check' | 'watch';

/** The world with a service that fails one look although its key is good; the others are as honest as ever. */
export function failChecks(world: TestWorld, when: FailingLook): Pick<Runtime, 'catalog'> {
  let failed = false;
  const fails = async (old: boolean): Promise<boolean> => {
    if (failed || old !== (when === 'baseline')) return false;
    const oldLives = await world.issuer.isLive(world.oldKey.credential);
    if (when === 'watch' && oldLives) return false;
    failed = true;
    return true;
  };
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
              const old = Object.entries(subject.credential).every(([part, value]) =>
                world.oldKey.credential[part]?.equals(value),
              );
              if (await fails(old)) return { verdict: 'fail', summary: 'HTTP 500', evidence: {} };
              return check.run(subject, call);
            },
          };
        };
        return { ...real, open: async () => opened };
      },
    ]),
  );
  return { catalog: { ...world.catalog, checks } };
}
