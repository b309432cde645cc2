import type { Slot } from '../../core/plugins/store.ts';
import type { ParameterRef } from './parameter-ref.ts';

/** A slot, and where it is. */
export interface Place extends ParameterRef {
  readonly slot: Slot;
  readonly subject: string;
  /** Parameters of type String may hold the key. */
  readonly allowPlainText: boolean;
}
