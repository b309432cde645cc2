import { basename } from 'node:path';
import type { Disk } from '../../../core/disk.ts';
import type { Fault } from '../../../core/plugins/emulator.ts';
import { aroundDisk, type DiskCall } from '../../disk/around-disk.ts';
import { systemDisk } from '../../disk/system-disk.ts';
import { createFaultQueue } from '../../emulator/fault-queue.ts';

/** The wire of an emulator of files: a disk that breaks in the ways disks, and the networks behind some of them, break. */
export interface BreakableDisk {
  readonly protocol: 'files';
  readonly disk: Disk;
  /** Resolves when the fault first strikes. */
  inject(fault: Fault): Promise<void>;
}

/** What a disk says where a server would answer with a status. */
const ERRNO_OF: Readonly<Record<number, string>> = {
  401: 'EACCES',
  403: 'EACCES',
  404: 'ENOENT',
  413: 'ENOSPC',
  429: 'EMFILE',
  503: 'ESTALE',
};
const BROKEN = 'EIO';

export function breakableDisk(): BreakableDisk {
  const faults = createFaultQueue();

  const disk = aroundDisk(systemDisk, async (call, carryOut) => {
    const request = requestOf(call);
    const trouble = request === undefined ? undefined : faults.take(request === 'write');
    if (trouble === undefined) return carryOut();
    const { fault, struck } = trouble;
    if (fault.kind === 'lost-answer' || fault.kind === 'silence') await carryOut();
    struck();
    if (fault.kind === 'silence') return new Promise<never>(() => {});
    throw systemError(fault.kind === 'status' ? (ERRNO_OF[fault.status] ?? BROKEN) : BROKEN, call);
  });

  return {
    protocol: 'files',
    disk,
    inject: (fault) =>
      fault.kind === 'html' || fault.kind === 'redirect'
        ? Promise.reject(new Error(`a disk has no ${fault.kind}`))
        : faults.inject(fault),
  };
}

/** Of all the calls that make a read or a write, the one that is it: a look at the file, and its replacement. */
function requestOf({ name, path }: DiskCall): 'read' | 'write' | undefined {
  if (basename(path).includes('.keyturn-lock')) return undefined;
  if (name === 'rename') return 'write';
  return name === 'readFile' ? 'read' : undefined;
}

function systemError(code: string, { name, path }: DiskCall): Error {
  return Object.assign(new Error(`${code}: broken by the emulator, ${name} '${path}'`), { code });
}
