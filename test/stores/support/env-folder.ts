import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import type { Disk } from '../../../src/core/disk.ts';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { Slot, Store } from '../../../src/core/plugins/store.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { systemDisk } from '../../../src/lib/disk/system-disk.ts';
import { openDotenvStore } from '../../../src/stores/dotenv/dotenv-store.ts';

export interface EnvFolder {
  readonly root: string;
  readonly store: Store;
  path(name?: string): string;
  put(content: string | Buffer, name?: string): void;
  bytes(name?: string): Buffer;
  text(name?: string): string;
  /** Names of all files, so that leftovers show. */
  names(): string[];
}

export const ENV = '.env';

/** A folder of its own for one test, with a store on it. */
export function envFolder(clock: Clock = systemClock, timeoutMs = 10_000): EnvFolder {
  const root = mkdtempSync(join(tmpdir(), 'keyturn-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const path = (name = ENV): string => join(root, name);
  return {
    root,
    store: openStoreAt(root, { clock, timeoutMs }),
    path,
    put: (content, name) => writeFileSync(path(name), content, { mode: 0o600 }),
    bytes: (name) => readFileSync(path(name)),
    text: (name) => readFileSync(path(name), 'utf8'),
    names: () => readdirSync(root).sort(),
  };
}

export function openStoreAt(
  root: string,
  {
    clock = systemClock,
    timeoutMs = 10_000,
    disk = systemDisk,
  }: { readonly clock?: Clock; readonly timeoutMs?: number; readonly disk?: Disk } = {},
): Store {
  const nobody = (): Promise<never> => Promise.reject(new RotationError('INTERNAL', { subject: 'nobody' }));
  return openDotenvStore(
    { root: '.' },
    {
      name: 'env',
      baseDir: root,
      clock,
      timeoutMs,
      disk,
      resolve: nobody,
      operator: { provideCredential: nobody, confirmDone: nobody },
    },
  );
}

export function slotOf(...fields: string[]): Slot {
  return { ref: ENV, fields };
}
