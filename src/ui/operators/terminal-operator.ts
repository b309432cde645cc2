import type { Credential } from '../../core/credential.ts';
import type { AssistedTask, Operator } from '../../core/operator.ts';
import { Secret } from '../../core/secret.ts';
import type { Prompter } from '../prompter.ts';
import { takeCredential } from './take-credential.ts';

/** A person who is there: shows the exact clicks, opens the page, takes the value by hidden prompt. */
export function terminalOperator(settings: {
  readonly prompter: Prompter;
  readonly print: (text: string) => void;
  readonly openPages: boolean;
  /** Frees the terminal: a line that is being drawn would cover the question. */
  readonly settle: () => Promise<void>;
  /** Runs the work while the terminal takes no keys, and shows none. */
  readonly closed: <T>(work: () => Promise<T>) => Promise<T>;
}): Operator {
  const { prompter, print, openPages, settle, closed } = settings;
  const show = async (task: AssistedTask): Promise<void> => {
    await settle();
    print(`\n${task.title}`);
    task.instructions.forEach((line, index) => {
      print(`  ${index + 1}. ${line}`);
    });
    if (task.url === undefined) return;
    print(`  ${task.url}`);
    if (openPages) await openPage(task.url);
  };
  const askSecret = async (label: string, signal: AbortSignal): Promise<Secret> => {
    for (;;) {
      const answer = (await prompter.hidden(label, signal)).trim();
      if (answer !== '') return new Secret(answer);
      print('  Nothing was entered.');
    }
  };
  const askCurrent = async (key: string, parts: readonly string[], signal: AbortSignal) => {
    await settle();
    print(
      `\nThe key that is live now: no store shows ${key}, and the config does not name it with \`current\`.`,
    );
    const given: Record<string, Secret> = {};
    for (const part of parts) given[part] = await askSecret(`Current ${key} (${part})`, signal);
    return given;
  };
  const current = new Map<string, Promise<Credential>>();
  const untilYes = async (question: string, otherwise: string, signal: AbortSignal): Promise<void> => {
    while (!(await prompter.confirm(question, signal))) print(otherwise);
  };
  return {
    provideCredential: async (task, parts, { check, signal }) => {
      await show(task);
      const ask = async (): Promise<Record<string, Secret>> => {
        const given: Record<string, Secret> = {};
        for (const part of parts) given[part.name] = await askSecret(part.label, signal);
        return given;
      };
      return takeCredential(ask, check, {
        print,
        closed,
        untilYes: (question, otherwise) => untilYes(question, otherwise, signal),
      });
    },
    confirmDone: async (task, { signal }) => {
      await show(task);
      await untilYes('Done?', '  Take your time; Ctrl-C pauses the rotation, nothing is lost.', signal);
    },
    provideCurrentKey: (key, parts, { signal }) => {
      const id = [key, ...parts].join('\n');
      const given = current.get(id) ?? askCurrent(key, parts, signal);
      current.set(id, given);
      return given;
    },
  };
}

/** A machine without a browser still shows the address. */
async function openPage(url: string): Promise<void> {
  try {
    const { default: open } = await import('open');
    const child = await open(url);
    child.on('error', () => {});
    child.unref();
  } catch {
    // The address is on the screen.
  }
}
