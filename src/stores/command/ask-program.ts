import type { Fields } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { createAskProgram } from '../../lib/process/ask-program.ts';
import { REFUSALS, type Refusals } from '../../lib/process/exit-meaning.ts';
import type { Action, CommandStoreOptions } from './options.ts';

export interface Question {
  readonly action: Action;
  readonly slot?: Slot;
  /** What is no secret besides. */
  readonly more?: JsonObject;
  /** Their plaintext travels on standard input and nowhere else. */
  readonly values?: Fields<Secret>;
}

/** Runs the program for one action and gives the JSON object it printed, `{}` for nothing. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<JsonObject>;

export const PHRASES: Readonly<Record<Action, string>> = {
  read: 'read the slot',
  write: 'write the slot',
  restore: 'bring a version back',
  whoami: 'ask who it acts as',
  preflight: 'look at the slot',
};

const STORE_REFUSALS: Refusals = { ...REFUSALS, 14: 'CONFLICT', 15: 'REFUSED' };

export function createAsk(options: CommandStoreOptions, ctx: OpenContext): Ask {
  const ask = createAskProgram(options, ctx);
  return ({ action, slot, more, values }, signal) => {
    const isWrite = action === 'write' || action === 'restore';
    const question = {
      action: PHRASES[action],
      effect: isWrite ? ('write' as const) : ('read' as const),
      refusals: STORE_REFUSALS,
      // What breaks while it reads or brings back may have said what it had found.
      answersSecrets: action === 'read' || isWrite,
      document: { action, ...slot, ...more },
      ...(values && { plaintext: { values } }),
    };
    return ask(question, signal);
  };
}
