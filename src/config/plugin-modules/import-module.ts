import * as nodeModule from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nativeImport } from '../../lib/native-import.ts';

/** Where the hook finds what `keyturn/plugin` is. */
const HANDOVER = Symbol.for('keyturn/plugin');

/**
 * A module of the user's, found from a file of theirs as an import in it would be. `keyturn/plugin` is the running
 * program there, wherever the plug-in lies and whatever is installed beside it: two copies would mean two kinds of
 * `Secret`, of which the redactor knows one.
 * @throws what Node throws for it, or what its own first lines do
 */
export async function importModule(name: string, from: string): Promise<Record<string, unknown>> {
  hooked ??= hookIn();
  await hooked;
  // As a path, and not as the URL that Node takes it for: `#`, `%` and a drive letter mean nothing else in one.
  const specifier = isPath(name) ? pathToFileURL(resolve(dirname(from), name)).href : name;
  const wanted = { name: specifier, from: pathToFileURL(from).href };
  return nativeImport(`${WANTED}${encodeURIComponent(JSON.stringify(wanted))}`);
}

/** What is no path is the name of a package. */
export function isPath(name: string): boolean {
  return isAbsolute(name) || /^\.{1,2}[\\/]/.test(name);
}

const WANTED = 'keyturn-plugin:';

let hooked: Promise<void> | undefined;

async function hookIn(): Promise<void> {
  const api = await import('../../plugin/index.ts');
  Object.defineProperty(globalThis, HANDOVER, { value: api });
  const hooks = dataUrl(hooksText(Object.keys(api)));
  // Node 22.15 and later; there the older way starts a thread, and newer ones warn of it.
  const { registerHooks } = nodeModule as { registerHooks?: (hooks: object) => void };
  if (registerHooks === undefined) nodeModule.register(hooks);
  else registerHooks(await nativeImport(hooks));
}

/** A text, since the older way runs it in a thread of its own. */
function hooksText(names: readonly string[]): string {
  const api = dataUrl(
    `export const { ${names.join(', ')} } = globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(HANDOVER))})];`,
  );
  return `
    export function resolve(specifier, context, nextResolve) {
      if (specifier === 'keyturn/plugin' && context.conditions.includes('require')) throw new Error('it requires keyturn/plugin, which is for ES modules');
      if (specifier === 'keyturn/plugin') return { url: ${JSON.stringify(api)}, format: 'module', shortCircuit: true };
      if (!specifier.startsWith('${WANTED}')) return nextResolve(specifier, context);
      const { name, from } = JSON.parse(decodeURIComponent(specifier.slice(${WANTED.length})));
      return nextResolve(name, { ...context, parentURL: from });
    }`;
}

function dataUrl(text: string): string {
  return `data:text/javascript,${encodeURIComponent(text)}`;
}
