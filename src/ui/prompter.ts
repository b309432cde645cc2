import { RotationError } from '../core/errors/rotation-error.ts';
import { discardTyped } from './without-echo.ts';

/**
 * Questions to a person, each with its safe default. All drawn on stderr, so that stdout stays the answer.
 * Each @throws RotationError ABORTED on Ctrl-C and Ctrl-D, and when a signal takes the question away
 */
export interface Prompter {
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  hidden(question: string, signal?: AbortSignal): Promise<string>;
  text(question: string, preset?: string): Promise<string>;
  choose<T extends string>(question: string, choices: readonly { value: T; name: string }[]): Promise<T>;
}

export interface TerminalPrompter extends Prompter {
  /** Whether a question stands on the screen now. */
  asking(): boolean;
}

/** @throws RotationError REFUSED naming the flag, when there is no terminal or prompts are forbidden */
export function refusePrompt(what: string, flag: string): RotationError {
  return new RotationError('REFUSED', {
    subject: what,
    reason: 'there is nobody to ask (no terminal, or --no-prompt)',
    hint: `Pass ${flag}.`,
  });
}

export interface PromptInterruption {
  /** Takes every question off the screen. */
  readonly signal: AbortSignal;
  /** Told of Ctrl-C and Ctrl-D at a question, which are keys there and no signals. */
  readonly interrupt: () => void;
}

/** inquirer is loaded at the first question. */
export function terminalPrompter({ signal, interrupt }: PromptInterruption): TerminalPrompter {
  let asking = false;
  const ask = async <T>(question: Readonly<Record<string, unknown>>, own?: AbortSignal): Promise<T> => {
    const { createPromptModule } = (await import('inquirer')).default;
    // A `y` that was typed during the pushes is no answer to what is asked now. (inquirer tries, and misses some.)
    await discardTyped(process.stdin);
    const closed = new AbortController();
    const onClosed = (): void => closed.abort();
    // Ctrl-D, or a terminal that went away, closes the line: inquirer gives no answer then, and a process that waits
    // for nothing else ends with 0. After an answer it is paused as well, and nobody listens any more.
    process.stdin.once('pause', onClosed);
    asking = true;
    try {
      const given = own === undefined ? [signal] : [signal, own];
      const prompt = createPromptModule({
        output: process.stderr,
        signal: AbortSignal.any([closed.signal, ...given]),
      });
      return ((await prompt([{ ...question, name: 'answer' } as never])) as { answer: T }).answer;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name !== 'ExitPromptError' && name !== 'AbortPromptError') throw error;
      // By the person, and not by a signal, which has told whom it concerns.
      if (name === 'ExitPromptError' || closed.signal.aborted) interrupt();
      throw new RotationError('ABORTED', { subject: 'the question', reason: 'it was left unanswered' });
    } finally {
      asking = false;
      process.stdin.off('pause', onClosed);
    }
  };
  return {
    asking: () => asking,
    confirm: (message, own) => ask({ type: 'confirm', message, default: false }, own),
    // Without the key that would show it: somebody may look over the shoulder, or record the screen.
    hidden: (message, own) => ask({ type: 'password', message, mask: '*', toggleMask: false }, own),
    text: (message, preset) =>
      ask({ type: 'input', message, ...(preset === undefined ? {} : { default: preset }) }),
    choose: (message, choices) => ask({ type: 'select', message, choices }),
  };
}
