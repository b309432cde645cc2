import type { Dialog } from '../../app/dialog.ts';
import type { Progress } from '../progress/progress.ts';
import { refusePrompt } from '../prompter.ts';
import { assertNotInterrupted } from './not-begun.ts';

/** Nobody to ask: flags have said it already, or the command refuses and names the flag. */
export function scriptedDialog(settings: {
  readonly progress: Progress;
  readonly yes: boolean;
  /** Stay while a wait lasts, instead of leaving with exit 6. */
  readonly wait: boolean;
  /** The first Ctrl-C. */
  readonly signal: AbortSignal;
}): Dialog {
  return {
    onEvent: settings.progress.onEvent,
    onPreflight: settings.progress.onPreflight,
    note: settings.progress.note,
    confirmStart: async ({ plan }) => {
      assertNotInterrupted(settings.signal, plan.key);
      if (!settings.yes) throw refusePrompt(`beginning to rotate ${plan.key}`, '--yes');
      return true;
    },
    // The policy has not opened it: it stays for `keyturn approve`.
    decideGate: () => Promise.resolve(undefined),
    stayUntil: () => Promise.resolve(settings.wait),
  };
}
