import { type DefinedPlugin, definedPlugin } from '../../plugin/define.ts';
import { descriptorFault } from '../../plugin/descriptor.ts';
import { importModule, isPath } from './import-module.ts';
import { inTime } from './in-time.ts';
import { asTheirs } from './their-output.ts';
import { theirWords } from './their-words.ts';

/** What a module exports, or why it cannot be used. */
export type FoundPlugins = { readonly defined: readonly DefinedPlugin[] } | { readonly fault: string };

/** The default export of a module: one plug-in, or a list of them. */
export async function pluginsIn(name: string, file: string): Promise<FoundPlugins> {
  let exported: unknown;
  try {
    exported = (await inTime(asTheirs(() => importModule(name, file))))['default'];
  } catch (error) {
    return { fault: `cannot be loaded: ${theirWords(error)}${adviceFor(error, name)}` };
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
  'has a default export that was not made by defineStore (or another define…) of keyturn/plugin; a plug-in must be an ES module that imports keyturn/plugin, and does not bundle it';

/** What Node leaves out. Of a missing package it says where it was looked for. */
function adviceFor(error: unknown, name: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return '; build it to JavaScript';
  if (code === 'ERR_MODULE_NOT_FOUND' && !isPath(name))
    return '; install it in the folder of the config, or write ./ before the name of a file';
  return '';
}
