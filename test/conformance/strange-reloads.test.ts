import { expect, it } from 'vitest';
import { reloads } from '../../src/catalog/reloads.gen.ts';
import type { ReloadEmulator } from '../../src/core/plugins/emulator.ts';
import type { ReloadPlugin } from '../../src/core/plugins/plugin.ts';
import { openOnEmulator } from '../../src/testing/open-on-emulator.ts';
import { describeAltered } from './support/altered-plugins.ts';
import { faultsOf } from './support/strange-answers.ts';

const CALL = { signal: new AbortController().signal };

await describeAltered<ReloadEmulator, ReloadPlugin>(reloads, (plugin, start) => {
  it('says that it reloaded when it did, and that nothing happened when nothing has', async () => {
    const found = await faultsOf({
      open: async () => {
        const { emulator, through } = await start();
        const reload = await openOnEmulator(plugin, through);
        return { proxy: through.proxy, emulator, reload, close: through.stop };
      },
      call: ({ reload }) => reload.run({ service: 'checkout' }, CALL),
      fault: async (outcome, { emulator }) => {
        if ('result' in outcome) return emulator.effects() === 1 ? undefined : 'it says it is done';
        const { retryable, code } = outcome.error;
        return retryable && emulator.effects() > 0 ? `it is ${code} after an effect` : undefined;
      },
    });
    expect(found).toEqual([]);
  });
});
