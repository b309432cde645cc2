import type { Clock } from '../clock.ts';
import type { Disk } from '../disk.ts';
import type { Operator } from '../operator.ts';
import type { Secret } from '../secret.ts';

/** Handed to a plug-in when it is opened, once a process. */
export interface OpenContext {
  /** The name of the connection in the config; the subject of its errors. */
  readonly name: string;
  /** The folder relative paths are relative to: the one that holds the config. */
  readonly baseDir: string;
  readonly clock: Clock;
  /** Milliseconds one request may take; of a check or a reload: the whole of it, the wait included. */
  readonly timeoutMs: number;
  /** Resolves `env:NAME`, `file:PATH` or `exec:COMMAND`. @throws RotationError CONFIG_INVALID */
  readonly resolve: (reference: string) => Promise<Secret>;
  readonly operator: Operator;
  /** In place of the files of this machine, for a plug-in that works on files: its emulator's, which can break. */
  readonly disk?: Disk;
}

/** Handed to every call of a plug-in. */
export interface CallContext {
  readonly signal: AbortSignal;
}
