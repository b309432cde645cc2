import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError, type ConfigProblem } from '../../../src/config/config-error.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import type { RotationConfig } from '../../../src/config/rotation-config.ts';
import { fakeCatalog } from './fake-catalog.ts';

export interface InventoryFolder {
  readonly path: string;
  load(env?: Readonly<Record<string, string>>): Promise<RotationConfig>;
  /** Loads what is wrong. */
  problems(): Promise<readonly ConfigProblem[]>;
}

/** A folder with these files; `rotation.config.yaml` is the root. */
export async function inventoryFolder(files: Readonly<Record<string, string>>): Promise<InventoryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'keyturn-config-')));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const load = (env: Readonly<Record<string, string>> = {}): Promise<RotationConfig> =>
    loadConfig('rotation.config.yaml', { env, catalog: fakeCatalog, cwd: path });
  return {
    path,
    load,
    problems: async () => {
      const error = await load().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error instanceof ConfigError) return error.problems;
      throw new Error('the config was accepted', { cause: error });
    },
  };
}

/** `file:line:column path: message`, with what was expected and suggested left aside. */
export function lines(problems: readonly ConfigProblem[]): string[] {
  return problems.map(
    ({ file, line, column, path, message }) => `${file}:${line}:${column} ${path}: ${message}`,
  );
}
