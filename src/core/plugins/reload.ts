import type { JsonObject } from '../json.ts';
import type { CallContext } from './contexts.ts';

export interface ReloadSubject {
  readonly service: string;
}

/** Makes a service take up what its stores hold now. Safe to run twice. */
export interface Reload {
  /** @throws RotationError CHECK_FAILED, TIMEOUT, UNAVAILABLE … with what the service said */
  run(subject: ReloadSubject, ctx: CallContext): Promise<JsonObject>;
}
