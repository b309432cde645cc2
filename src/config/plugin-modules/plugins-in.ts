import { type DefinedPlugin, definedPlugin } from '../../plugin/define.ts';
import { descriptorFault } from '../../plugin/descriptor.ts';
import { importModule } from './import-module.ts';

/** What a module exports, or why it cannot be used. */
export type FoundPlugins = { readonly defined: readonly DefinedPlugin[] } | { readonly fault: string };

/** The default export of a module: one plug-in, or a list of them. */
export async function pluginsIn(name: string, file: string): Promise<FoundPlugins> {
  let exported: unknown;
  try {
    exported = (await importModule(name, file))['default'];
  } catch (error) {
    return { fault: `cannot be loaded: ${oneLine(error)}` };
  }
  if (exported === undefined) return { fault: 'has no default export' };
  const defined: DefinedPlugin[] = [];
  for (const each of Array.isArray(exported) ? exported : [exported]) {
    const plugin = definedPlugin(each);
    if (plugin === undefined) return { fault: NOT_DEFINED };
    const fault = descriptorFault(plugin);
    if (fault !== undefined) return { fault: `is not a plug-in as keyturn knows them: ${fault}` };
    defined.push(plugin);
  }
  return { defined };
}

const NOT_DEFINED =
  'has a default export that was not made by defineStore (or another define…) of keyturn/plugin; a plug-in must import keyturn/plugin, and not bundle it';

/** Of a missing package Node says where it was looked for. */
function oneLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s+/g, ' ').slice(0, 300);
}
