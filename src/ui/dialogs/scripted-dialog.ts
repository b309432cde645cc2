import type { Dialog } from '../../app/dialog.ts';
import type { Progress } from '../progress/progress.ts';
import { refusePrompt } from '../prompter.ts';

/** Nobody to ask: flags have said it already, or the command refuses and names the flag. */
export function scriptedDialog(settings: {
  readonly progress: Progress;
  readonly yes: boolean;
  /** Stay while a wait lasts, instead of leaving with exit 6. */
  readonly wait: boolean;
}): Dialog {
  return {
    onEvent: settings.progress.onEvent,
    onPreflight: settings.progress.onPreflight,
    confirmStart: (result) =>
      settings.yes
        ? Promise.resolve(true)
        : Promise.reject(refusePrompt(`beginning to rotate ${result.plan.key}`, '--yes')),
    // The policy has not opened it: it stays for `keyturn approve`.
    decideGate: () => Promise.resolve(undefined),
    stayUntil: () => Promise.resolve(settings.wait),
  };
}
