import type { Runtime } from '../../../src/app/runtime.ts';
import type { PluginCatalog } from '../../../src/config/plugin-catalog.ts';
import { sameFields } from '../../../src/core/credential.ts';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { TestWorld } from '../../support/world.ts';

/** The world with an issuer whose first `times` new keys look like no key of its own; `then` runs at each of them. */
export function refuseNewKeys(
  world: TestWorld,
  times: number,
  then: () => void = () => {},
): Pick<Runtime, 'catalog'> {
  let refused = 0;
  const issuers: PluginCatalog['issuers'] = Object.fromEntries(
    Object.entries(world.catalog.issuers).map(([type, load]) => [
      type,
      async () => {
        const real = await load();
        const open = await real.open();
        const opened: typeof open = async (options, ctx) => {
          const issuer = await open(options, ctx);
          return {
            ...issuer,
            validate: (key) => {
              if (refused >= times || sameFields(key, world.oldKey.credential)) return issuer.validate(key);
              refused += 1;
              then();
              throw new RotationError('REFUSED', { subject: type, reason: 'that is no key of mine' });
            },
          };
        };
        return { ...real, open: async () => opened };
      },
    ]),
  );
  return { catalog: { ...world.catalog, issuers } };
}
