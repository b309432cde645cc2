import type { EmulatedAnswer, EmulatedRequest } from '../../lib/emulator/loopback-server.ts';
import type { RawObject } from './raw-object.ts';

/** Raft's largest entry, and so the largest version of a secret. */
export const MOST_ENTRY_BYTES = 1_048_576;

export type Capability = 'create' | 'read' | 'update' | 'delete';

/** A mount of the key-value engine: its protocol, and what a test may look at or change behind its back. */
export interface EmulatedMount {
  readonly kvVersion: 1 | 2;
  readonly settings: {
    /** Added to each answer to a write. */
    warnings: string[];
    /** 0: Vault's default of 10. */
    maxVersions: number;
    /** 0: versions stay. */
    deleteAfterSeconds: number;
    /** Answers as while the mount is being upgraded to version 2. */
    upgrading: boolean;
  };
  /** What a policy must allow for a request. */
  capability(method: string, path: string): Capability;
  /** `path` is decoded and relative to the mount. */
  handle(path: string, request: EmulatedRequest): EmulatedAnswer;
  /** What the outside world reads at a secret's path now. */
  entriesAt(path: string): RawObject | undefined;
  put(path: string, entries: RawObject): void;
  /** As a DELETE does. */
  remove(path: string): void;
  paths(): readonly string[];
}
