import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Clock } from '../../core/clock.ts';
import type { Disk } from '../../core/disk.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import { errnoOf, fileError } from './file-error.ts';
import type { FileWork } from './text-file.ts';

/** A write takes milliseconds: whoever has held the lock for so long died (or slept, and will notice). */
const STALE_MS = 60_000;
const POLL_MS = 50;
const ACTION = 'lock the file';

export interface LockSettings extends FileWork {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

interface Holder {
  readonly token: string;
  readonly host: string;
  readonly pid: number;
}

/**
 * Runs `work` while no other keyturn edits the same file: `<file>.keyturn-lock`, made with O_EXCL. It is advisory,
 * guards only the moment of read, edit and replace, and never outlives its holder for more than a minute.
 * `work` calls `stillOurs` right before its effect.
 * @throws RotationError LOCKED when the holder does not finish in time; PERMISSION_DENIED
 */
export async function withWriteLock<T>(
  path: string,
  settings: LockSettings,
  work: (stillOurs: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const lock = `${path}.keyturn-lock`;
  const token = randomUUID();
  await acquire(lock, { token, host: hostname(), pid: process.pid }, settings);
  const { disk, subject } = settings;
  try {
    return await work(async () => {
      const ours = await isHeldBy(token, lock, disk).catch((error: unknown) => {
        throw fileError(error, subject, ACTION);
      });
      if (!ours) throw locked(lock, settings, 'it was taken from us while this process slept');
    });
  } finally {
    await release(token, lock, disk);
  }
}

/** A lock that cannot be removed is stale within a minute; what became of the work counts. */
async function release(token: string, lock: string, disk: Disk): Promise<void> {
  try {
    if (await isHeldBy(token, lock, disk)) await disk.rm(lock, { force: true });
  } catch {
    // Said above.
  }
}

/** @throws the system's own error */
async function isHeldBy(token: string, lock: string, disk: Disk): Promise<boolean> {
  try {
    return holderIn(await disk.readFile(lock))?.token === token;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function acquire(lock: string, holder: Holder, settings: LockSettings): Promise<void> {
  const deadline = settings.clock.now() + settings.timeoutMs;
  while (!(await create(lock, holder, settings))) {
    if (await breakIfStale(lock, settings)) continue;
    if (settings.clock.now() >= deadline) throw locked(lock, settings, 'another keyturn is writing the file');
    await settings.clock.sleep(POLL_MS, settings.signal);
  }
}

async function create(lock: string, holder: Holder, { disk, subject }: FileWork): Promise<boolean> {
  try {
    const file = await disk.open(lock, 'wx', 0o600);
    try {
      await file.writeFile(JSON.stringify(holder));
    } catch (error) {
      await disk.rm(lock, { force: true }).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fileError(error, subject, ACTION);
  }
}

/**
 * The lock is moved aside rather than deleted: of two processes that find the same dead holder one wins, and a
 * lock that turns out to be somebody's fresh one goes back. Gives whether it is worth trying again at once.
 */
async function breakIfStale(lock: string, { clock, disk, subject }: LockSettings): Promise<boolean> {
  const seen = await holderOf(lock, disk);
  if (!(await isStale(lock, seen, clock, disk))) return false;
  const aside = `${lock}.${randomUUID()}`;
  try {
    await disk.rename(lock, aside);
    const moved = await holderOf(aside, disk);
    if (moved?.token === seen?.token) await disk.rm(aside, { force: true });
    else await disk.rename(aside, lock);
  } catch (error) {
    // Somebody else was faster.
    if (errnoOf(error) !== 'ENOENT') throw fileError(error, subject, ACTION);
  }
  return true;
}

async function isStale(lock: string, holder: Holder | undefined, clock: Clock, disk: Disk): Promise<boolean> {
  if (holder !== undefined && holder.host === hostname() && !isAlive(holder.pid)) return true;
  const made = await disk.stat(lock).then(
    (stats) => stats.mtimeMs,
    () => clock.now(),
  );
  return clock.now() - made > STALE_MS;
}

/** Undefined when there is no lock, or one that is not for us to read. */
async function holderOf(lock: string, disk: Disk): Promise<Holder | undefined> {
  return disk.readFile(lock).then(holderIn, () => undefined);
}

/** Undefined when the holder died before it could write its name. */
function holderIn(bytes: Buffer): Holder | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

function locked(lock: string, settings: LockSettings, reason: string): RotationError {
  return new RotationError('LOCKED', {
    subject: settings.subject,
    reason,
    hint: `Run the command again; if no other keyturn runs anywhere, delete ${lock}.`,
  });
}
