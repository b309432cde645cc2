import type { Credential } from '../credential.ts';
import type { JsonObject } from '../json.ts';
import type { CallContext } from './contexts.ts';

export interface CheckSubject {
  readonly service: string;
  /** The key the service is expected to work with now. */
  readonly credential: Credential;
}

/** `inconclusive` (the check itself could not be carried out) never opens the gate. */
export type Verdict = 'pass' | 'fail' | 'inconclusive';

export interface CheckResult {
  readonly verdict: Verdict;
  /** One line for people, without plaintext. */
  readonly summary: string;
  readonly evidence: JsonObject;
}

export interface Check {
  /** Does not throw for a failing subject; throws only ABORTED. */
  run(subject: CheckSubject, ctx: CallContext): Promise<CheckResult>;
}
