import type { JsonObject } from '../core/json.ts';
import type { Reload } from '../core/plugins/reload.ts';
import type { Step } from '../core/step.ts';

/** Makes a service take up the new key. Its way back is the service's guard, which comes after the stores are restored. */
export function reload(service: string, action: Reload): Step<null, JsonObject> {
  return {
    id: `reload:${service}`,
    effect: 'reversible',
    describe: () => ({ title: `Reload ${service}` }),
    run: (_prepared, ctx) => action.run({ service }, ctx),
    // Safe to run twice, so there is no need to find out whether it did.
    reconcile: async () => ({ state: 'absent' }),
  };
}
