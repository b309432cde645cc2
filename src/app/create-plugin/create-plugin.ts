import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { stores } from '../../catalog/stores.gen.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { pluginName } from './plugin-name.ts';
import { storeFiles } from './store-template/store-files.ts';

export interface PluginRequest {
  /** Of its package. */
  readonly name: string;
  /** Where it goes; by default a folder with the name of the package. */
  readonly folder: string | undefined;
  /** The keyturn it is written for: the running one. */
  readonly version: string;
}

export interface CreatedPlugin {
  readonly name: string;
  readonly id: string;
  readonly folder: string;
  /** How a config that lies here names it in `plugins`. */
  readonly module: string;
  /** Paths in the folder. */
  readonly files: readonly string[];
}

/**
 * Writes the package of a new store that keeps every promise already.
 * @throws RotationError CONFIG_INVALID for the name; REFUSED when there is something in the folder
 */
export async function createPlugin({ name, folder, version }: PluginRequest): Promise<CreatedPlugin> {
  const named = pluginName(name, Object.keys(stores));
  const target = folder ?? named.folder;
  const files = storeFiles({ ...named, version });
  await makeEmptyFolder(target);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), text, { flag: 'wx' });
  }
  const module = `${isAbsolute(target) || /^\.\.?\//.test(target) ? '' : './'}${target.replace(/\/+$/, '')}/index.js`;
  return { name, id: named.id, folder: target, module, files: Object.keys(files) };
}

async function makeEmptyFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    if ((await readdir(path)).length === 0) return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  throw new RotationError('REFUSED', {
    subject: path,
    reason: 'there is something already; create-plugin never overwrites',
    hint: 'Name another folder with --dir.',
  });
}
