import type { Disk, DiskFile } from '../../core/disk.ts';
import { aroundDisk, type DiskCall } from './around-disk.ts';

export interface Bounds {
  /** Milliseconds one call may take. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What is tidied up behind a call that never came back is asked for, and not waited for much longer. */
const GIVEN_UP_MS = 2000;

/** The system's own word, which a network file system also says, and the one for being asked to stop. */
const UNDER_WAY = ['ETIMEDOUT', 'ECANCELED'];

/**
 * A disk that nobody waits for without end: a network file system whose server is gone answers never, or in an hour.
 * Being asked to stop ends the call that is waited for; what comes after it, to tidy up, is carried out.
 */
export function boundedDisk(disk: Disk, { timeoutMs, signal }: Bounds): Disk {
  let patienceMs = timeoutMs;

  return aroundDisk(disk, async (call, carryOut) => {
    let stop = (_error: Error): void => {};
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = reject;
    });
    const onAbort = (): void => stop(underWay('ECANCELED', call, 'asked to stop'));
    signal.addEventListener('abort', onAbort, { once: true });
    const limit = setTimeout(() => {
      stop(underWay('ETIMEDOUT', call, `no answer within ${patienceMs} ms`));
      patienceMs = Math.min(patienceMs, GIVEN_UP_MS);
    }, patienceMs);
    const work = carryOut();
    try {
      return await Promise.race([work, stopped]);
    } catch (error) {
      if (call.name === 'open' && mayStillLand(error)) closeLate(work as Promise<unknown>);
      throw error;
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', onAbort);
    }
  });
}

/** Whether a call was left under way: it may have its effect at any later time. */
export function mayStillLand(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNDER_WAY.includes(String(error.code));
}

function underWay(code: string, { name, path }: DiskCall, reason: string): Error {
  return Object.assign(new Error(`${code}: ${reason}, ${name} '${path}'`), { code });
}

function closeLate(opening: Promise<unknown>): void {
  opening.then((file) => (file as DiskFile).close()).catch(() => {});
}
