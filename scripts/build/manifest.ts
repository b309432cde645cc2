import { Plugin } from '@oclif/core';
import type { PJSON } from '@oclif/core/interfaces';
import { ROOT } from './root.ts';

/** The oclif section the built package runs with: commands from the chunk map beside the manifest. */
export function packagedPjson(pjson: PJSON): PJSON {
  const commands = { strategy: 'explicit', target: './commands.cjs', identifier: 'COMMANDS' } as const;
  const { name, version, description, type } = pjson;
  return { name, version, description, type, oclif: { ...pjson.oclif, commands } } as PJSON;
}

/** What oclif has to know of each command without loading it, made from the sources. */
export async function makeManifest(pjson: PJSON): Promise<object> {
  const commands = { strategy: 'pattern', target: './commands', globPatterns: ['**/*.ts'] } as const;
  const plugin = new Plugin({
    root: ROOT,
    isRoot: true,
    pjson: { ...pjson, oclif: { ...pjson.oclif, commands } } as never,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  } as never);
  await plugin.load();
  const { version } = plugin.manifest;
  return {
    commands: Object.fromEntries(
      plugin.commands.map(({ load: _load, ...cached }) => [cached.id, strip(cached)]),
    ),
    version,
  };
}

/** Where the source stands is of no use in the package. */
function strip(command: object): object {
  const {
    relativePath: _path,
    isESM: _esm,
    ...kept
  } = command as { relativePath?: unknown; isESM?: unknown };
  return kept;
}
