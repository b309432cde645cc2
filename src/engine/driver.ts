import type { Clock } from '../core/clock.ts';
import type { StepContext } from '../core/step.ts';
import type { Lock } from './lock.ts';
import type { Session } from './session.ts';

/** Where a test, or a rehearsal, may strike: around each step's intent, effect and outcome. */
export type ProbePoint = 'before-intent' | 'after-intent' | 'after-effect' | 'after-outcome';
export type Probe = (point: ProbePoint, stepId: string) => void | Promise<void>;

/** The two ways in which a person asks to stop. */
export interface Interruption {
  /** Begin nothing new; let what is in hand finish. */
  readonly soft: AbortSignal;
  /** Cancel the requests in hand too. */
  readonly hard: AbortSignal;
}

/** All that the engine needs to drive one rotation. */
export interface Driver {
  readonly session: Session;
  readonly lock: Lock;
  readonly ctx: StepContext;
  readonly clock: Clock;
  readonly interruption: Interruption;
  /** Takes live values out of text that comes from outside. */
  readonly redact: (text: string) => string;
  readonly probe?: Probe;
}
