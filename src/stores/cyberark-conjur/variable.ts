import type { Slot } from '../../core/plugins/store.ts';
import { WHOLE } from '../../core/plugins/store.ts';

/** One variable of a slot. A Conjur variable has one value, so that each named field is a variable of its own. */
export interface Variable {
  readonly field: string;
  /** Without account and kind: `apps/ci/api-key`. */
  readonly id: string;
}

export function variablesOf(slot: Slot): readonly Variable[] {
  return slot.fields.map((field) => ({ field, id: field === WHOLE ? slot.ref : `${slot.ref}/${field}` }));
}

/** Variables made afresh at each read: there is nothing to store. */
export function isDynamic(id: string): boolean {
  return id.startsWith('data/dynamic/');
}

/** Variables that the Vault Synchronizer fills from a safe. */
export function isSynchronized(id: string): boolean {
  return id.startsWith('data/vault/');
}
