import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { syncFolder } from '../../lib/atomic-file.ts';
import type { Lock, LockRequest } from '../lock.ts';
import { createOnce } from './create-once.ts';
import { isRunning, processStart, processTable } from './process-identity.ts';

/** A holder that has not renewed for this long has lost the lock, alive or not. */
const LEASE_MS = 60_000;
const RENEW_MS = 15_000;

interface Holder {
  readonly rotationId: string;
  readonly host: string;
  readonly pid: number;
  /** Tells this process from a later one with the same pid. */
  readonly started: string;
  /** Where the pid means this process; absent in the lock of an older version. */
  readonly pids?: string;
  readonly at: string;
}

/**
 * One folder a key, one file a fence: `000007` is linked into place by its holder, and the highest number holds the
 * lock. Taking over is making the next number, so that nothing is ever deleted and no two processes can both win;
 * whoever finds a higher number than its own has been fenced off. `000007.released` lets go.
 */
export async function acquireFileLock(folder: string, request: LockRequest): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const highest = await highestFence(folder);
  if (highest > 0) await assertFree(folder, highest, request);

  const fence = highest + 1;
  const path = fencePath(folder, fence);
  const holder: Holder = {
    rotationId: request.rotationId,
    host: hostname(),
    pid: process.pid,
    started: await processStart(process.pid),
    pids: await processTable(),
    at: new Date().toISOString(),
  };
  await createExclusively(path, JSON.stringify(holder), request.key);

  const renewal = setInterval(() => {
    touch(path).catch(() => {});
  }, RENEW_MS);
  renewal.unref();

  return {
    fence,
    assertHeld: async () => {
      const now = await highestFence(folder);
      if (now !== fence) throw fencedOff(request.key, await readHolder(folder, now));
    },
    release: async () => {
      clearInterval(renewal);
      try {
        await writeFile(`${path}.released`, '', { mode: 0o600 });
        await syncFolder(folder);
      } catch {
        // What was done is told, whatever the disk says now. The lock is free once this process is gone, or 60 s later.
      }
    },
  };
}

async function assertFree(folder: string, fence: number, request: LockRequest): Promise<void> {
  const holder = await readHolder(folder, fence);
  if (holder === undefined) return;
  const driving = !(await isReleased(folder, fence)) && (await isAlive(folder, fence, holder));
  if (driving) throw driven(request.key, holder);
  if (holder.rotationId !== request.rotationId && (await request.isOpen(holder.rotationId))) {
    throw claimed(request.key, holder);
  }
}

async function isAlive(folder: string, fence: number, holder: Holder): Promise<boolean> {
  if ((await isAmongOurs(holder)) && !(await isRunning(holder.pid, holder.started))) return false;
  const renewed = (await stat(fencePath(folder, fence))).mtimeMs;
  // Compared by the file system's clock, which is the same for every machine that shares it.
  return (await fileSystemNow(folder)) - renewed < LEASE_MS;
}

/** Whether its pid can be looked up here. */
async function isAmongOurs({ host, pids = '' }: Holder): Promise<boolean> {
  if (host !== hostname()) return false;
  const ours = await processTable();
  return pids === '' || ours === '' || pids === ours;
}

async function fileSystemNow(folder: string): Promise<number> {
  const probe = join(folder, 'clock');
  await writeFile(probe, randomBytes(1), { mode: 0o600 });
  return (await stat(probe)).mtimeMs;
}

/** A write, not `utimes`: the file system's clock must set the time. */
async function touch(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write('{', 0);
  } finally {
    await file.close();
  }
}

/** A fence that another process sees always names its holder: nobody takes a lock over that is just being taken. */
async function createExclusively(path: string, text: string, key: string): Promise<void> {
  if (await createOnce(path, text)) return;
  throw new RotationError('LOCKED', {
    subject: `key ${key}`,
    reason: 'another process took the lock this instant',
  });
}

async function highestFence(folder: string): Promise<number> {
  const names = await readdir(folder);
  return names.reduce(
    (highest, name) => (/^\d{6,}$/.test(name) ? Math.max(highest, Number(name)) : highest),
    0,
  );
}

/** Undefined for a file that was damaged: it names nobody who could be asked for the lock. */
async function readHolder(folder: string, fence: number): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(fencePath(folder, fence), 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

async function isReleased(folder: string, fence: number): Promise<boolean> {
  try {
    await stat(`${fencePath(folder, fence)}.released`);
    return true;
  } catch {
    return false;
  }
}

function fencePath(folder: string, fence: number): string {
  return join(folder, String(fence).padStart(6, '0'));
}

function driven(key: string, holder: Holder): RotationError {
  return new RotationError('LOCKED', {
    subject: `key ${key}`,
    reason: `rotation ${holder.rotationId} is being driven by process ${holder.pid} on ${holder.host} since ${holder.at}`,
    hint: `Wait for it, or look with \`keyturn rotations show ${holder.rotationId}\`.`,
  });
}

function claimed(key: string, holder: Holder): RotationError {
  const id = holder.rotationId;
  return new RotationError('LOCKED', {
    subject: `key ${key}`,
    reason: `rotation ${id} has begun and not ended`,
    hint: `Carry it on with \`keyturn resume ${id}\` or take it back with \`keyturn rollback ${id}\`.`,
  });
}

function fencedOff(key: string, holder: Holder | undefined): RotationError {
  const by = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new RotationError('LOCKED', {
    subject: `key ${key}`,
    reason: `${by} has taken this rotation over; this process stopped before it could do harm`,
    hint: 'Nothing was undone. The other process carries on; look with `keyturn rotations show`.',
  });
}
