import { describe } from 'vitest';
import { type Through, throughProxy } from './strange-answers.ts';

interface Startable<Emulator> {
  readonly emulator: () => Promise<() => Promise<Emulator>>;
}

/** The plug-ins of a catalogue that are reached by HTTP, each with a way to start its emulator behind a proxy. */
export async function describeAltered<
  Emulator extends Parameters<typeof throughProxy>[0],
  Plugin extends Startable<Emulator>,
>(
  catalog: Readonly<Record<string, () => Promise<Plugin>>>,
  cases: (plugin: Plugin, start: () => Promise<{ emulator: Emulator; through: Through }>) => void,
): Promise<void> {
  for (const [id, load] of Object.entries(catalog)) {
    const plugin = await load();
    const start = async () => {
      const emulator = await (await plugin.emulator())();
      const through = await throughProxy(emulator);
      if (through !== undefined) return { emulator, through };
      await emulator.stop();
      return undefined;
    };
    const probe = await start();
    await probe?.through.stop();
    if (probe === undefined) continue;
    const started = async () => {
      const found = await start();
      if (found === undefined) throw new Error(`${id} has lost its address`);
      return found;
    };
    // Each test makes hundreds of calls.
    describe(`${id}, where answers are other than documented`, { timeout: 240_000 }, () =>
      cases(plugin, started),
    );
  }
}
