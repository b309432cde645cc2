import { tmpdir } from 'node:os';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { StorePlugin } from '../../../src/core/plugins/plugin.ts';
import type { Restoration, Store } from '../../../src/core/plugins/store.ts';
import { Secret } from '../../../src/core/secret.ts';
import { systemClock } from '../../../src/lib/clock.ts';

/** A store by its descriptor, as the composition root opens it. */
export async function openStore(
  plugin: StorePlugin,
  options: JsonObject,
  resolve: (reference: string) => string | undefined = () => undefined,
): Promise<Store> {
  const nobody = (): Promise<never> => Promise.reject(new RotationError('INTERNAL', { subject: 'nobody' }));
  const open = await plugin.open();
  // The catalogue has forgotten the type of the options; the schema has just proved it.
  return open((await plugin.options()).parse(options) as never, {
    name: 'store',
    baseDir: tmpdir(),
    clock: systemClock,
    timeoutMs: 20_000,
    resolve: async (reference) => new Secret(resolve(reference) ?? `value-of-${reference}`),
    operator: { provideCredential: nobody, confirmDone: nobody },
  });
}

export function restorationOf(parts: Partial<Restoration> & Pick<Restoration, 'pushed'>): Restoration {
  return { before: undefined, values: undefined, receipt: undefined, ...parts };
}
