import type { Disk } from '../../core/disk.ts';
import type { CallContext, OpenContext } from '../../core/plugins/contexts.ts';
import { boundedDisk } from './bounded-disk.ts';
import { systemDisk } from './system-disk.ts';

/** The disk that a call of a plug-in works on: this machine's, or that of its emulator; nobody waits for it without end. */
export function diskOf({ disk = systemDisk, timeoutMs }: OpenContext, { signal }: CallContext): Disk {
  return boundedDisk(disk, { timeoutMs, signal });
}
