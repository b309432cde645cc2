import type { Slot } from '../../core/plugins/store.ts';
import { LATEST, type SecretRef } from './secret-ref.ts';

/** A slot, and where it is. */
export interface Place extends SecretRef {
  readonly slot: Slot;
  readonly subject: string;
}

/** What its readers ask for. */
export function readersVersion({ alias }: SecretRef): string {
  return alias ?? LATEST;
}
