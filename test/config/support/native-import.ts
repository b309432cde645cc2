import { constants, Script } from 'node:vm';
import { lendNativeImport } from '../../../src/lib/native-import.ts';

/** A test runner puts its own in place of `import()`; modules of others are for Node to load. */
export function lendNodesImport(): void {
  const real = new Script('(specifier) => import(specifier)', {
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext();
  lendNativeImport(real as (specifier: string) => Promise<Record<string, unknown>>);
}
