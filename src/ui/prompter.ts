import { RotationError } from '../core/errors/rotation-error.ts';

/**
 * Questions to a person, each with its safe default. All drawn on stderr, so that stdout stays the answer.
 * Each @throws RotationError ABORTED on Ctrl-C, and when the run is interrupted while it stands there
 */
export interface Prompter {
  confirm(question: string): Promise<boolean>;
  hidden(question: string): Promise<string>;
  text(question: string, preset?: string): Promise<string>;
  choose<T extends string>(question: string, choices: readonly { value: T; name: string }[]): Promise<T>;
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
  /** Takes the question off the screen. */
  readonly signal: AbortSignal;
  /** Told of Ctrl-C at a question, which is a key there and no signal. */
  readonly interrupt: () => void;
}

/** What inquirer throws when Ctrl-C is pressed, and when the signal fires. */
const GIVEN_UP = ['ExitPromptError', 'AbortPromptError'];

/** inquirer is loaded at the first question. */
export function terminalPrompter({ signal, interrupt }: PromptInterruption): Prompter {
  const ask = async <T>(question: Readonly<Record<string, unknown>>): Promise<T> => {
    const { createPromptModule } = (await import('inquirer')).default;
    try {
      const prompt = createPromptModule({ output: process.stderr, signal });
      return ((await prompt([{ ...question, name: 'answer' } as never])) as { answer: T }).answer;
    } catch (error) {
      if (!(error instanceof Error && GIVEN_UP.includes(error.name))) throw error;
      interrupt();
      throw new RotationError('ABORTED', { subject: 'the question', reason: 'it was left unanswered' });
    }
  };
  return {
    confirm: (message) => ask({ type: 'confirm', message, default: false }),
    // Without the key that would show it: somebody may look over the shoulder, or record the screen.
    hidden: (message) => ask({ type: 'password', message, mask: '*', toggleMask: false }),
    text: (message, preset) =>
      ask({ type: 'input', message, ...(preset === undefined ? {} : { default: preset }) }),
    choose: (message, choices) => ask({ type: 'select', message, choices }),
  };
}
