import { existsSync } from 'node:fs';
import { BUILT_IN } from '../catalog/built-in.ts';
import { ConfigError, renderProblem } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { RotationError } from '../core/errors/rotation-error.ts';
import { createFileStorage } from '../engine/file-storage/file-storage.ts';
import type { RotationStorage } from '../engine/storage.ts';
import { systemClock } from '../lib/clock.ts';

export interface ReadableState {
  readonly storage: RotationStorage;
  /** One line; null when the config is as it should be. */
  readonly configProblem: string | null;
}

/**
 * The state folder, for commands that only read it. They are run in trouble, perhaps in the middle of an edit: a config
 * that is broken or gone is told, and does not keep anybody from seeing what is live. The folder is then KEYTURN_STATE,
 * else what the root file says if that much of it can be read, else `.keyturn` beside it.
 * @throws ConfigError when the config is broken and no such folder is there: then the config is all there is to tell of
 */
export async function openState(configPath: string): Promise<ReadableState> {
  try {
    const { stateDir } = await loadConfig(configPath, { env: process.env, catalog: BUILT_IN });
    return { storage: openFolder(stateDir), configProblem: null };
  } catch (error) {
    if (!(error instanceof ConfigError) || !existsSync(error.stateDir)) throw error;
    return { storage: openFolder(error.stateDir), configProblem: tell(error) };
  }
}

function tell({ problems: [first, ...others], stateDir }: ConfigError): string {
  const mistake = first === undefined ? 'it is not valid' : renderProblem(first);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return `The config cannot be used: ${mistake}${more}. Shown is what lies in ${stateDir}; KEYTURN_STATE names another folder.`;
}

function openFolder(folder: string): RotationStorage {
  return createFileStorage({ folder, clock: systemClock, sealingKeys: nothingIsUnsealed });
}

function nothingIsUnsealed(): Promise<never> {
  throw new RotationError('INTERNAL', {
    subject: 'sealed material',
    reason: 'it was opened only to be read',
  });
}
