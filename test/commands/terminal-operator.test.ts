import { describe, expect, test } from 'vitest';
import type { Credential } from '../../src/core/credential.ts';
import type { ErrorCode } from '../../src/core/errors/codes.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { CredentialCall } from '../../src/core/operator.ts';
import { terminalOperator } from '../../src/ui/operators/terminal-operator.ts';
import type { Prompter } from '../../src/ui/prompter.ts';

const TASK = { title: 'Make a key', instructions: ['Open the page.', 'Click.'] };
const PARTS = [{ name: 'value', label: 'New key' }];
const { signal } = new AbortController();

/** A person with these answers, and everything said, asked and done, in order. */
function atTerminal(answers: readonly (string | boolean | Error)[]) {
  const said: string[] = [];
  const left = [...answers];
  const answer = async (question: string, given?: unknown): Promise<never> => {
    said.push(`? ${question}`);
    expect(given).toBe(signal);
    const next = left.shift();
    if (next instanceof Error) throw next;
    if (next === undefined) throw new Error(`nobody expected to be asked: ${question}`);
    return next as never;
  };
  const prompter: Prompter = { confirm: answer, hidden: answer, text: answer, choose: answer };
  const operator = terminalOperator({
    prompter,
    print: (text) => void said.push(text),
    openPages: false,
    settle: async () => void said.push('(settled)'),
    closed: async (work) => {
      said.push('(no keys)');
      return work().finally(() => said.push('(keys)'));
    },
  });
  /** What was said and asked for the value, without the task. */
  const talk = (): string[] => said.filter((line) => !/^\(|^\n|^ {2}\d|Checking it/.test(line));
  return { operator, said, talk };
}

const ctrlC = (): RotationError => new RotationError('ABORTED', { subject: 'the question' });
const no = (code: ErrorCode): RotationError =>
  new RotationError(code, {
    subject: 'the new key',
    reason: `a reason for ${code}`,
    hint: `a hint for ${code}`,
  });

/** Throws these one after the other, and then takes everything. */
function checking(...problems: readonly Error[]): CredentialCall & { readonly seen: string[] } {
  const left = [...problems];
  const seen: string[] = [];
  const check = async (candidate: Credential): Promise<void> => {
    seen.push(candidate['value']?.reveal() ?? '');
    const next = left.shift();
    if (next !== undefined) throw next;
  };
  return { check, signal, seen };
}

const give = async (stage: ReturnType<typeof atTerminal>, call: CredentialCall): Promise<string> =>
  (await stage.operator.provideCredential(TASK, PARTS, call))['value']?.reveal() ?? '';

describe('a person who is asked for a key', () => {
  test('sees each click with its number on a free screen, and is asked again when nothing was entered', async () => {
    const { operator, said } = atTerminal(['  ', 'the-new-value ']);
    const task = { ...TASK, url: 'https://keys.example.com' };
    const credential = await operator.provideCredential(task, PARTS, checking());
    expect(credential['value']?.reveal()).toBe('the-new-value');
    expect(said).toEqual([
      '(settled)',
      '\nMake a key',
      '  1. Open the page.',
      '  2. Click.',
      '  https://keys.example.com',
      '? New key',
      '  Nothing was entered.',
      '? New key',
      '  Checking it.',
      '(no keys)',
      '(keys)',
    ]);
  });

  test.each(['REFUSED', 'UNAUTHENTICATED'] as const)(
    'is asked again, and told why, after %s',
    async (code) => {
      const stage = atTerminal(['mistyped', 'the-new-value']);
      const call = checking(no(code));
      expect(await give(stage, call)).toBe('the-new-value');
      expect(call.seen).toEqual(['mistyped', 'the-new-value']);
      const [first, told, second] = stage.talk();
      expect([first, second]).toEqual(['? New key', '? New key']);
      expect(told).toContain(`a reason for ${code}`);
      expect(told).toContain(`a hint for ${code}`);
      expect(stage.said.join()).not.toContain('mistyped');
    },
  );

  test('has five tries', async () => {
    const stage = atTerminal(['1', '2', '3', '4', '5', '6']);
    const call = checking(...Array.from({ length: 6 }, () => no('REFUSED')));
    await expect(give(stage, call)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(call.seen).toEqual(['1', '2', '3', '4', '5']);
  });

  test.each(['UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED'] as const)(
    'keeps the key when it could not be looked at (%s), and says when to look again',
    async (code) => {
      const stage = atTerminal(['the-new-value', false, true]);
      const call = checking(no(code));
      expect(await give(stage, call)).toBe('the-new-value');
      expect(call.seen).toEqual(['the-new-value', 'the-new-value']);
      const [asked, told, again, wait, yes] = stage.talk();
      expect([asked, again, yes]).toEqual(['? New key', '? Check it again?', '? Check it again?']);
      expect(told).toMatch(new RegExp(`says nothing against it: .*a reason for ${code}`));
      expect(told).not.toContain('Not taken');
      expect(wait).toContain('Ctrl-C pauses');
    },
  );

  test('may look as often as it takes: only wrong keys are counted', async () => {
    const stage = atTerminal(['the-new-value', true, true, true, true, true, true]);
    const call = checking(...Array.from({ length: 6 }, () => no('UNAVAILABLE')));
    expect(await give(stage, call)).toBe('the-new-value');
  });

  test.each([no('LIMIT_REACHED'), no('ABORTED'), new TypeError('broken')])(
    'is not asked again where another key would not help: %s',
    async (problem) => {
      const stage = atTerminal(['the-new-value']);
      await expect(give(stage, checking(problem))).rejects.toBe(problem);
    },
  );

  test('leaves with Ctrl-C, also at the second try', async () => {
    await expect(give(atTerminal([ctrlC()]), checking())).rejects.toMatchObject({ code: 'ABORTED' });
    const again = atTerminal(['mistyped', ctrlC()]);
    await expect(give(again, checking(no('REFUSED')))).rejects.toMatchObject({ code: 'ABORTED' });
    const waiting = atTerminal(['the-new-value', ctrlC()]);
    await expect(give(waiting, checking(no('TIMEOUT')))).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('gives all parts of one key, each time', async () => {
    const parts = [
      { name: 'id', label: 'Id' },
      { name: 'secret', label: 'Secret' },
    ];
    const { operator, talk } = atTerminal(['id-1', 'secret-1', 'id-2', 'secret-2']);
    const given = await operator.provideCredential(TASK, parts, checking(no('REFUSED')));
    expect(Object.values(given).map((secret) => secret.reveal())).toEqual(['id-2', 'secret-2']);
    expect(talk().filter((line) => line.startsWith('?'))).toEqual(['? Id', '? Secret', '? Id', '? Secret']);
  });
});

test('a person has done it when they say so', async () => {
  const { operator, said } = atTerminal([false, true]);
  await operator.confirmDone(TASK, { signal });
  expect(said.filter((line) => line === '? Done?')).toHaveLength(2);
});

describe('the key that is live now', () => {
  test('is asked for by hidden prompt, part by part, once a process', async () => {
    const { operator, said } = atTerminal(['AK-EXAMPLE', ' the secret ']);
    const parts = ['id', 'secret'];
    const first = await operator.provideCurrentKey?.('ci-key', parts, { signal });
    expect(await operator.provideCurrentKey?.('ci-key', parts, { signal })).toBe(first);
    expect(first?.['secret']?.reveal()).toBe('the secret');
    expect(said.filter((line) => line.startsWith('?'))).toEqual([
      '? Current ci-key (id)',
      '? Current ci-key (secret)',
    ]);
    expect(said.join('\n')).toContain('the config does not name it with `current`');
  });
});
