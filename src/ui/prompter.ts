import { RotationError } from '../core/errors/rotation-error.ts';

/** Questions to a person, each with its safe default. All drawn on stderr, so that stdout stays the answer. */
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

/** inquirer is loaded at the first question. */
export function terminalPrompter(signal: AbortSignal): Prompter {
  const load = async () => (await import('inquirer')).default.createPromptModule({ output: process.stderr });
  const ask = async <T>(question: Readonly<Record<string, unknown>>): Promise<T> => {
    const prompt = await load();
    const running = prompt([{ ...question, name: 'answer' } as never]) as Promise<{ answer: T }> & {
      ui?: { close?(): void };
    };
    const close = (): void => running.ui?.close?.();
    signal.addEventListener('abort', close, { once: true });
    try {
      return (await running).answer;
    } finally {
      signal.removeEventListener('abort', close);
    }
  };
  return {
    confirm: (message) => ask({ type: 'confirm', message, default: false }),
    hidden: (message) => ask({ type: 'password', message, mask: '*' }),
    text: (message, preset) =>
      ask({ type: 'input', message, ...(preset === undefined ? {} : { default: preset }) }),
    choose: (message, choices) => ask({ type: 'select', message, choices }),
  };
}
