import { userInfo } from 'node:os';
import type { Dialog } from '../../app/dialog.ts';
import { isRotationError } from '../../core/errors/rotation-error.ts';
import type { Progress } from '../progress/progress.ts';
import type { Prompter } from '../prompter.ts';
import { renderEvidence } from '../render/render-evidence.ts';
import { renderPlan } from '../render/render-plan.ts';
import { assertNotInterrupted } from './not-begun.ts';

/** A person at a terminal: few questions, never two at once, and every default is the safe answer. */
export function guidedDialog(settings: {
  readonly progress: Progress;
  readonly prompter: Prompter;
  readonly print: (text: string) => void;
  readonly yes: boolean;
  /** The first Ctrl-C. */
  readonly signal: AbortSignal;
}): Dialog {
  const { progress, prompter, print } = settings;
  return {
    onEvent: progress.onEvent,
    note: progress.note,
    onPreflight: progress.onPreflight,
    confirmStart: async (result) => {
      await progress.settle();
      print(renderPlan(result));
      const { key } = result.plan;
      const begin = settings.yes || (await confirmOrNo(prompter, `Rotate ${key} now?`));
      assertNotInterrupted(settings.signal, key);
      return begin;
    },
    decideGate: async (evidence) => {
      await progress.settle();
      print(renderEvidence(evidence));
      if (evidence.some((item) => item.verdict === 'fail')) {
        print('The gate stays shut: the evidence above fails.');
        return undefined;
      }
      if (!(await confirmOrNo(prompter, 'Deactivate the old key now?'))) return undefined;
      return { by: userInfo().username, despiteEvidence: false };
    },
    stayUntil: async (phase, until) => {
      await progress.settle();
      print(
        `Waiting: ${phase} until ${new Date(until).toLocaleString()}. Ctrl-C pauses; \`keyturn resume\` carries on.`,
      );
      return true;
    },
  };
}

/** Ctrl-C at the question is a no; that it interrupts is told by the signal. */
async function confirmOrNo(prompter: Prompter, question: string): Promise<boolean> {
  try {
    return await prompter.confirm(question);
  } catch (error) {
    if (isRotationError(error, 'ABORTED')) return false;
    throw error;
  }
}
