import type { AssistedTask, Operator } from '../../core/operator.ts';
import { Secret } from '../../core/secret.ts';
import type { Prompter } from '../prompter.ts';

/** A person who is there: shows the exact clicks, opens the page, takes the value by hidden prompt. */
export function terminalOperator(settings: {
  readonly prompter: Prompter;
  readonly print: (text: string) => void;
  readonly openPages: boolean;
  /** Frees the terminal: a line that is being drawn would cover the question. */
  readonly settle: () => Promise<void>;
}): Operator {
  const { prompter, print, openPages, settle } = settings;
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
  return {
    provideCredential: async (task, parts) => {
      await show(task);
      const credential: Record<string, Secret> = {};
      for (const part of parts) credential[part.name] = await askSecret(part.label, prompter, print);
      return credential;
    },
    confirmDone: async (task) => {
      await show(task);
      while (!(await prompter.confirm('Done?')))
        print('  Take your time; Ctrl-C pauses the rotation, nothing is lost.');
    },
  };
}

async function askSecret(label: string, prompter: Prompter, print: (text: string) => void): Promise<Secret> {
  for (;;) {
    const answer = (await prompter.hidden(label)).trim();
    if (answer !== '') return new Secret(answer);
    print('  Nothing was entered.');
  }
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
