import type { Progress } from './progress.ts';
import { groupOf, type ProgressGroup, settles } from './progress-group.ts';

/** A long wave tells how far it is, but not ten thousand times. */
const EVERY = 500;

/** One line when a group ends: for logs, CI and dumb terminals. */
export function plainProgress(write: (text: string) => void): Progress {
  let group: ProgressGroup | undefined;
  let done = 0;

  const finish = (): void => {
    if (group !== undefined) write(`  ${group.title}: ${howFar(group, done)}`);
    group = undefined;
    done = 0;
  };

  return {
    onPreflight: (seen, total) => {
      if (seen === total || seen % EVERY === 0) write(`  Preflight: ${seen} of ${total} targets looked at`);
    },
    onEvent: (event, state) => {
      const next = groupOf(event, state);
      if (next === undefined) return;
      if (group?.title !== next.title) {
        finish();
        group = next;
      }
      if ('error' in event && 'step' in event) {
        write(`  ! ${event.step}: ${event.error.message}`);
        group = undefined;
        done = 0;
        return;
      }
      if (!settles(event)) return;
      done += 1;
      if (done % EVERY === 0) write(`  ${group.title}: ${done} of ${group.total}`);
    },
    settle: async () => finish(),
    note: (text) => write(text),
  };
}

/** A step that waits for a person, or was cut short, is not done. */
function howFar(group: ProgressGroup, done: number): string {
  if (done === 0) return 'not finished';
  return group.total > 1 ? `${done} of ${group.total} done` : 'done';
}
