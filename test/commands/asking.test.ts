import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askFirstConfig } from '../../src/ui/ask-first-config.ts';
import { listenForInterruption } from '../../src/ui/interruption.ts';
import { type Prompter, type TerminalPrompter, terminalPrompter } from '../../src/ui/prompter.ts';
import { readNewKey } from '../../src/ui/read-new-key.ts';
import { withoutEcho } from '../../src/ui/without-echo.ts';
import { worstExitCode } from '../../src/ui/worst-exit-code.ts';

const asked = vi.hoisted(() => ({
  answer: (_questions: unknown): unknown => undefined,
  options: {} as { readonly output?: unknown; readonly signal?: AbortSignal },
}));
vi.mock('inquirer', () => ({
  default: {
    createPromptModule: (options: unknown) => {
      asked.options = options as typeof asked.options;
      return async (questions: unknown) => ({ answer: await asked.answer(questions) });
    },
  },
}));

describe('questions', () => {
  const interrupt = vi.fn();
  let controller: AbortController;
  let prompter: TerminalPrompter;
  const listeners = process.stdin.listenerCount('pause');

  beforeEach(() => {
    interrupt.mockReset();
    controller = new AbortController();
    prompter = terminalPrompter({ signal: controller.signal, interrupt });
  });
  afterEach(() => {
    expect(prompter.asking()).toBe(false);
    expect(process.stdin.listenerCount('pause')).toBe(listeners);
  });

  /** As inquirer does: stands until its signal fires. */
  const standUntilAborted = (): Promise<never> =>
    new Promise((_resolve, reject) => {
      const abort = (): void => reject(Object.assign(new Error('aborted'), { name: 'AbortPromptError' }));
      if (asked.options.signal?.aborted === true) abort();
      asked.options.signal?.addEventListener('abort', abort);
    });

  test.each([
    ['confirm', () => prompter.confirm('Sure?'), { type: 'confirm', message: 'Sure?', default: false }],
    [
      'hidden',
      () => prompter.hidden('Key'),
      { type: 'password', message: 'Key', mask: '*', toggleMask: false },
    ],
    ['text', () => prompter.text('Name'), { type: 'input', message: 'Name' }],
    ['text', () => prompter.text('Name', 'my-key'), { type: 'input', message: 'Name', default: 'my-key' }],
    [
      'choose',
      () => prompter.choose('Which?', [{ value: 'a', name: 'A' }]),
      { type: 'select', message: 'Which?', choices: [{ value: 'a', name: 'A' }] },
    ],
  ])('%s is drawn on stderr, with the safe default', async (_kind, ask, question) => {
    asked.answer = (questions) => questions;
    expect(await ask()).toEqual([{ ...question, name: 'answer' }]);
    expect(asked.options.output).toBe(process.stderr);
  });

  test('Ctrl-C is an interruption', async () => {
    asked.answer = () => Promise.reject(Object.assign(new Error('closed'), { name: 'ExitPromptError' }));
    await expect(prompter.confirm('Sure?')).rejects.toMatchObject({ code: 'ABORTED' });
    expect(interrupt).toHaveBeenCalledOnce();
  });

  test('Ctrl-D, or a terminal that went away, is one too, and never an answer', async () => {
    asked.answer = () => {
      queueMicrotask(() => process.stdin.emit('pause'));
      return standUntilAborted();
    };
    await expect(prompter.hidden('Key')).rejects.toMatchObject({ code: 'ABORTED' });
    expect(interrupt).toHaveBeenCalledOnce();
  });

  test.each([
    ['the run is interrupted', () => controller.abort()],
    ['its own call is over', (own: AbortController) => own.abort()],
  ])('is taken away when %s, which needs no telling', async (_when, abort) => {
    const stands = new Promise<void>((resolve) => {
      asked.answer = () => {
        resolve();
        return standUntilAborted();
      };
    });
    const own = new AbortController();
    const answer = prompter.confirm('Sure?', own.signal);
    await stands;
    expect(prompter.asking()).toBe(true);
    abort(own);
    await expect(answer).rejects.toMatchObject({ code: 'ABORTED' });
    expect(interrupt).not.toHaveBeenCalled();
  });

  test('is not even shown after an interruption', async () => {
    asked.answer = standUntilAborted;
    controller.abort();
    await expect(prompter.confirm('Sure?')).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('any other error is none', async () => {
    asked.answer = () => Promise.reject(new TypeError('broken'));
    await expect(prompter.confirm('Sure?')).rejects.toThrow(TypeError);
    expect(interrupt).not.toHaveBeenCalled();
  });
});

describe('while a key is checked', () => {
  const terminal = () => {
    const modes: boolean[] = [];
    const setRawMode = (on: boolean): void => void modes.push(on);
    return { stdin: Object.assign(new PassThrough(), { setRawMode }) as never as NodeJS.ReadStream, modes };
  };

  test('what is typed is neither shown nor kept', async () => {
    const { stdin, modes } = terminal();
    const result = await withoutEcho(stdin, async () => {
      expect(modes).toEqual([true]);
      const typed = once(stdin, 'data');
      (stdin as never as PassThrough).write('a-key-pasted-twice\r');
      await typed;
      return 'checked';
    });
    expect(stdin.readableLength).toBe(0);
    expect(result).toBe('checked');
    expect(modes).toEqual([true, false]);
    expect(stdin.isPaused()).toBe(true);
    expect(stdin.listenerCount('data')).toBe(0);
  });

  test('Ctrl-C is a signal, as ever', async () => {
    const { stdin } = terminal();
    await withoutEcho(stdin, async () => {
      const signalled = once(process, 'SIGINT');
      (stdin as never as PassThrough).write('\u0003');
      await signalled;
    });
  });

  test('the terminal comes back when the check fails', async () => {
    const { stdin, modes } = terminal();
    await expect(withoutEcho(stdin, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(modes).toEqual([true, false]);
  });
});

describe('the first config', () => {
  const slot = { ref: 'The name of a box.', field: 'What in it.' };
  const list = async (kind: string) => [
    { id: `${kind}-id`, title: `A title of ${kind}`, ...(kind === 'stores' && { slot }) },
  ];
  const nothing = {
    key: undefined,
    issuer: undefined,
    stores: [],
    targets: [],
    options: [],
    service: undefined,
    checkUrl: undefined,
    noPrompt: false,
  };

  test('is asked for where flags say nothing', async () => {
    const questions: string[] = [];
    const prompter: Prompter = {
      confirm: () => Promise.reject(new Error('not asked')),
      hidden: () => Promise.reject(new Error('not asked')),
      text: async (question, preset) => {
        questions.push(question);
        return preset ?? 'a-box#it';
      },
      choose: async (question, choices) => {
        questions.push(`${question} ${choices.map(({ name }) => name).join()}`);
        return choices[0]?.value as never;
      },
    };
    expect(await askFirstConfig(nothing, prompter, list)).toMatchObject({
      key: 'my-key',
      issuer: 'issuers-id',
      stores: ['stores-id=stores-id'],
      targets: ['stores-id:a-box#it'],
    });
    expect(questions).toEqual([
      'Name of the key',
      'Who issues it? A title of issuers (issuers-id)',
      'Where is it stored? A title of stores (stores-id)',
      'Where in stores-id? (REF#FIELD)\n  REF    The name of a box.\n  FIELD  What in it.\n ',
    ]);
  });

  test('is taken from flags, without a question', async () => {
    const given = { ...nothing, key: 'k', issuer: 'i', stores: ['s=dotenv'], targets: ['s:.env'] };
    expect(await askFirstConfig(given, undefined, list)).toMatchObject(given);
  });
});

describe('the new key on stdin', () => {
  const stdin = (text: string, isTTY = false): NodeJS.ReadStream =>
    Object.assign(new PassThrough().end(text), { isTTY }) as never;

  test('comes as it is', async () => {
    expect(await readNewKey(stdin('a-new-key\n'))).toBe('a-new-key\n');
  });

  test.each([
    [stdin('\n'), 'it is empty'],
    [stdin('a-new-key', true), 'stdin is a terminal'],
  ])('is refused when it cannot be one', async (input, reason) => {
    await expect(readNewKey(input)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining(reason),
    });
  });
});

describe('an interruption', () => {
  const onFirst = vi.fn();
  let listener: ReturnType<typeof listenForInterruption>;
  beforeEach(() => {
    onFirst.mockReset();
    listener = listenForInterruption(onFirst);
  });
  afterEach(() => listener.stop());

  test('the first signal is soft and told, the second hard, of either kind', () => {
    process.emit('SIGINT');
    expect([listener.soft.aborted, listener.hard.aborted]).toEqual([true, false]);
    process.emit('SIGTERM');
    expect(listener.hard.aborted).toBe(true);
    expect(onFirst).toHaveBeenCalledOnce();
  });

  test('Ctrl-C at a question is soft, and needs no telling', () => {
    listener.interrupt();
    expect([listener.soft.aborted, listener.hard.aborted]).toEqual([true, false]);
    expect(onFirst).not.toHaveBeenCalled();
  });

  test('leaves no listener behind', () => {
    const before = process.listenerCount('SIGINT');
    listener.stop();
    expect(process.listenerCount('SIGINT')).toBe(before - 1);
  });
});

test.each([
  [[], 0],
  [[0, 6, 0], 6],
  [[6, 5, 7], 5],
  [[4, 6], 4],
  [[8, 3], 3],
  [[130, 5], 130],
] as const)('of %j the worst is %i', (codes, worst) => {
  expect(worstExitCode(codes)).toBe(worst);
});
