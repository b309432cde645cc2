import { describe, expect, test } from 'vitest';
import type { PlanResult } from '../../src/app/plan/rotation-plan.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { EvidenceItem } from '../../src/core/phase.ts';
import { guidedDialog } from '../../src/ui/dialogs/guided-dialog.ts';
import { scriptedDialog } from '../../src/ui/dialogs/scripted-dialog.ts';
import type { Progress } from '../../src/ui/progress/progress.ts';
import { type Prompter, refusePrompt } from '../../src/ui/prompter.ts';
import { planResult } from './support/plan-result.ts';

const RESULT: PlanResult = planResult();
const PASS: EvidenceItem = { verdict: 'pass', text: 'all well' };
const FAIL: EvidenceItem = { verdict: 'fail', text: 'in use' };

/** Everything said and asked, in order. */
function stage(answers: readonly unknown[], interrupted = false) {
  const said: string[] = [];
  const left = [...answers];
  const controller = new AbortController();
  if (interrupted) controller.abort();
  const answer = async (question: string): Promise<never> => {
    said.push(`? ${question}`);
    const next = left.shift();
    if (next instanceof Error) throw next;
    return next as never;
  };
  const prompter: Prompter = { confirm: answer, hidden: answer, text: answer, choose: answer };
  const progress: Progress = {
    onEvent: () => {},
    onPreflight: () => {},
    settle: async () => void said.push('(settled)'),
    note: () => {},
  };
  const print = (text: string): void => void said.push(text);
  return { said, prompter, progress, print, signal: controller.signal };
}

const ctrlC = (): RotationError => new RotationError('ABORTED', { subject: 'the question' });

describe('the guided dialog', () => {
  test('settles the screen, shows the plan, and only then asks', async () => {
    const { said, ...rest } = stage([true]);
    expect(await guidedDialog({ ...rest, yes: false }).confirmStart(RESULT)).toBe(true);
    expect(said[0]).toBe('(settled)');
    expect(said[1]).toContain('Plan for shop-key');
    expect(said[2]).toBe('? Rotate shop-key now?');
  });

  test('does not ask after --yes, but shows the plan all the same', async () => {
    const { said, ...rest } = stage([]);
    expect(await guidedDialog({ ...rest, yes: true }).confirmStart(RESULT)).toBe(true);
    expect(said).toHaveLength(2);
  });

  test.each([true, false])('begins nothing after Ctrl-C (--yes: %s)', async (yes) => {
    const { said: _said, ...rest } = stage([ctrlC()], true);
    await expect(guidedDialog({ ...rest, yes }).confirmStart(RESULT)).rejects.toThrow('before it had begun');
  });

  test('a question that fails for another reason is no answer', async () => {
    const { said: _said, ...rest } = stage([new TypeError('broken')]);
    await expect(guidedDialog({ ...rest, yes: false }).confirmStart(RESULT)).rejects.toThrow('broken');
  });

  test.each([
    [true, { by: expect.any(String), despiteEvidence: false }],
    [false, undefined],
    [ctrlC(), undefined],
  ])('at the gate: %s', async (answer, decision) => {
    const { said, ...rest } = stage([answer]);
    expect(await guidedDialog({ ...rest, yes: false }).decideGate([PASS])).toEqual(decision);
    expect(said[1]).toContain('+ all well');
    expect(said[2]).toBe('? Deactivate the old key now?');
  });

  test('does not ask at all where evidence fails', async () => {
    const { said, ...rest } = stage([true]);
    expect(await guidedDialog({ ...rest, yes: true }).decideGate([PASS, FAIL])).toBeUndefined();
    expect(said.join('\n')).toContain('The gate stays shut');
    expect(said.join('\n')).not.toContain('?');
  });

  test('stays for a wait and says until when', async () => {
    const { said, ...rest } = stage([]);
    expect(await guidedDialog({ ...rest, yes: false }).stayUntil('soak', 0)).toBe(true);
    expect(said[1]).toContain(`Waiting: soak until ${new Date(0).toLocaleString()}.`);
  });
});

describe('the scripted dialog', () => {
  const { progress, signal } = stage([]);

  test('names the flag where it would have to ask', async () => {
    const dialog = scriptedDialog({ progress, signal, yes: false, wait: false });
    await expect(dialog.confirmStart(RESULT)).rejects.toMatchObject({ code: 'REFUSED', hint: 'Pass --yes.' });
    expect(refusePrompt('x', '--flag').hint).toBe('Pass --flag.');
  });

  test('opens no gate by itself, and stays only with --wait', async () => {
    const dialog = scriptedDialog({ progress, signal, yes: true, wait: false });
    expect(await dialog.confirmStart(RESULT)).toBe(true);
    expect(await dialog.decideGate([PASS])).toBeUndefined();
    expect(await dialog.stayUntil('soak', 0)).toBe(false);
    expect(await scriptedDialog({ progress, signal, yes: true, wait: true }).stayUntil('soak', 0)).toBe(true);
  });

  test('begins nothing after Ctrl-C', async () => {
    const { progress: other, signal: fired } = stage([], true);
    const dialog = scriptedDialog({ progress: other, signal: fired, yes: true, wait: false });
    await expect(dialog.confirmStart(RESULT)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
