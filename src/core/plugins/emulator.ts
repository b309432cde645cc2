import type { Credential, Fields } from '../credential.ts';
import type { Disk } from '../disk.ts';
import type { JsonObject } from '../json.ts';
import type { Operator } from '../operator.ts';
import type { IssuedKey } from './issuer.ts';
import type { Slot, StoreCapabilities } from './store.ts';

/** What can go wrong on the way; `on` says for which requests, `times` for how many (default 1). */
export type Fault = { readonly on: 'read' | 'write' | 'any'; readonly times?: number } & (
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** The connection is cut before the request is carried out. */
  | { readonly kind: 'cut' }
  /** The request is carried out; the connection is cut before the answer. */
  | { readonly kind: 'lost-answer' }
  /** The request is carried out; the answer never comes. */
  | { readonly kind: 'silence' }
  /** 200 and a web page, as a proxy or a login wall gives. Not carried out. */
  | { readonly kind: 'html' }
  /** 302 to somewhere else. Not carried out. */
  | { readonly kind: 'redirect' }
);

interface Emulator {
  /** Options that reach this emulator in place of the real system; the user's own are kept where they still make sense. */
  options(original?: JsonObject): JsonObject;
  /** Answers the references that `options()` contains. */
  resolve(reference: string): string | undefined;
  /**
   * Absent where there is no wire to break. Resolves when the fault first strikes. A status is what comes nearest to it
   * where the wire does not speak HTTP.
   */
  inject?(fault: Fault): Promise<void>;
  /**
   * What the wire speaks, where that is not HTTP: no redirect, and no `retryAfter`. `program`: one that is run, its exit
   * codes and signals. `files`: a disk. Others (`postgresql`, `smtp`) know no web page either.
   */
  readonly protocol?: string;
  /** What the plug-in is to be opened on in place of the files of this machine. */
  readonly disk?: Disk;
  /** Effects (writes, reloads, keys made or killed) carried out so far: zero after a dry run. */
  effects(): number;
  stop(): Promise<void>;
}

/** A loopback server (or a folder) that behaves as the real store does, errors and limits included. */
export interface StoreEmulator extends Emulator {
  /** A slot this store accepts, for tests; `fields` as wanted, where the store has fields. */
  sampleSlot(name: string, fields: readonly string[]): Slot;
  /** Puts values (and for fielded stores a neighbour or two) in place; gives the slot to use instead. */
  seed(slot: Slot, values: Fields<string>): Promise<Slot>;
  /** What the outside world reads there now. */
  peek(slot: Slot): Promise<Fields<string> | undefined>;
  /** Everything beside the slot's fields that must never change, as text to compare. */
  neighbours(slot: Slot): Promise<string>;
  /** Somebody else's write. */
  overwrite(slot: Slot, values: Fields<string>): Promise<void>;
  /** Absent where all slots can be read, or none. */
  readonly writeOnly?: WriteOnlySlots;
}

/** Of a store some of whose slots show no value: the same systems, with slots like that, and what those offer. */
export interface WriteOnlySlots {
  readonly capabilities: StoreCapabilities;
  readonly emulator: StoreEmulator;
}

export interface IssuerEmulator extends Emulator {
  /** A key made outside keyturn: the old one. */
  issue(): Promise<IssuedKey>;
  /** Whether the issuer would accept it now. */
  isLive(credential: Credential): Promise<boolean>;
  /** Ids of keys that exist (inactive ones included). */
  keys(): Promise<readonly { readonly id: string; readonly active: boolean }[]>;
  /** Plays the person at the web page, for assisted issuers. */
  readonly operator?: Operator;
}

/** A service that works with some keys and not with others. */
export interface CheckEmulator extends Emulator {
  /** The plaintext values (any part) the service accepts from now on. */
  accept(values: readonly string[]): void;
}

export interface ReloadEmulator extends Emulator {
  /** Makes the next reload fail. */
  failNext(): void;
}

export interface NotifierEmulator extends Emulator {
  /** The messages that arrived, as text somebody would read. */
  received(): readonly string[];
}
