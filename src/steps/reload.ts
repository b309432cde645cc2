import type { JsonObject } from '../core/json.ts';
import type { Reload } from '../core/plugins/reload.ts';
import type { Step } from '../core/step.ts';

export const reloadId = (service: string): string => `reload:${service}`;

/** Makes a service take up the new key. Its way back is the service's guard, which comes after the stores are restored. */
export function reload(service: string, action: Reload): Step<null, JsonObject> {
  return {
    id: reloadId(service),
    effect: 'reversible',
    describe: () => ({ title: `Reload ${service}` }),
    run: async (_prepared, ctx) => {
      const evidence = await action.run({ service }, ctx);
      // Until now it may have used the old key, and nothing is wrong with that.
      return { ...evidence, at: ctx.clock.now() };
    },
    // Safe to run twice, so there is no need to find out whether it did.
    reconcile: async () => ({ state: 'absent' }),
  };
}
