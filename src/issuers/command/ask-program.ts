import type { Credential } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { createAskProgram } from '../../lib/process/ask-program.ts';
import { REFUSALS } from '../../lib/process/exit-meaning.ts';
import type { Action, CommandOptions } from './options.ts';

export interface Question {
  readonly action: Action;
  readonly label?: string;
  readonly keyId?: string;
  /** Their plaintext travels on standard input and nowhere else. */
  readonly parts?: Credential;
}

/** Runs the program for one action and gives the JSON object it printed, `{}` for nothing. */
export type Ask = (question: Question, signal: AbortSignal) => Promise<JsonObject>;

const PHRASES: Readonly<Record<Action, string>> = {
  create: 'create a key',
  identify: 'ask who the key acts as',
  list: 'list the keys',
  deactivate: 'deactivate the key',
  activate: 'activate the key',
  delete: 'delete the key',
  lastUsed: 'ask when the key was last used',
};

const READS: readonly Action[] = ['identify', 'list', 'lastUsed'];

export function createAsk(options: CommandOptions, ctx: OpenContext): Ask {
  const ask = createAskProgram(options, ctx);
  return ({ parts, ...document }, signal) => {
    const isRead = READS.includes(document.action);
    const question = {
      action: PHRASES[document.action],
      effect: isRead ? ('read' as const) : ('write' as const),
      refusals: REFUSALS,
      // A program that broke while it made a key may have printed it.
      answersSecrets: !isRead,
      document,
      ...(parts && { plaintext: { parts } }),
    };
    return ask(question, signal);
  };
}
