import type { Secret } from '../../core/secret.ts';

/** All that CircleCI tells of a variable. */
export interface VariableFacts {
  /** Changes when the variable is written; undefined when CircleCI tells nothing that does. */
  readonly stamp: string | undefined;
  /** ISO 8601. */
  readonly updatedAt: string | undefined;
}

/** Name → facts. */
export type Variables = ReadonlyMap<string, VariableFacts>;

/** The variables of one place. Every method throws RotationErrors only. */
export interface VariablesApi {
  /** To the last page; undefined when the place does not exist or may not be seen: CircleCI does not tell which. */
  list(signal: AbortSignal): Promise<Variables | undefined>;
  /** Makes the variable or overwrites it: who calls has looked whether it is there. */
  put(name: string, value: Secret, signal: AbortSignal): Promise<void>;
}
