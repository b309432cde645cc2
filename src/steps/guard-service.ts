import type { Reload } from '../core/plugins/reload.ts';
import type { Step } from '../core/step.ts';
import { type NamedCheck, passOrThrow } from './check.ts';
import { oldKey } from './material.ts';

/**
 * Stands before a wave's pushes and does nothing. Compensation runs in reverse, so its own comes right after the
 * stores have the old key again: the service is reloaded and has to pass its checks with the old key.
 */
export function guardService(
  service: string,
  action: Reload | undefined,
  checks: readonly NamedCheck[],
): Step<null, null> {
  return {
    id: `guard:${service}`,
    effect: 'reversible',
    describe: () => ({
      title: `Guard ${service}`,
      undo: 'the service is reloaded and proved to work with the old key',
    }),
    run: async () => null,
    reconcile: async () => ({ state: 'applied', output: null }),
    compensate: async (_prepared, _output, ctx) => {
      await action?.run({ service }, ctx);
      const key = await oldKey(ctx);
      for (const check of checks) await passOrThrow(check, key, ctx);
    },
  };
}
