import type { IssuerPlugin } from '../../core/plugins/plugin.ts';
import { openRig } from './rig.ts';

/** What decides which promises an issuer can be asked to keep. */
export interface IssuerTraits {
  readonly plugin: IssuerPlugin;
  /** There is a network that can break. */
  readonly wire: boolean;
  /** What that speaks, where it is not HTTP: `program`, `postgresql`. */
  readonly protocol?: string;
  /** It can name every key there is: no capability says so, the method itself does. */
  readonly lists: boolean;
}

export async function probe(load: () => Promise<IssuerPlugin>): Promise<IssuerTraits> {
  const plugin = await load();
  const rig = await openRig(plugin);
  try {
    const { inject, protocol } = rig.emulator;
    const lists = rig.issuer.listKeys !== undefined;
    return { plugin, wire: inject !== undefined, ...(protocol && { protocol }), lists };
  } finally {
    await rig.close();
  }
}
