import { redactor } from '../../lib/redactor.ts';
import { type DrawnTask, drawTask } from './draw-task.ts';
import type { Progress } from './progress.ts';
import { groupOf, type ProgressGroup, settles } from './progress-group.ts';

/** Every change redraws: ten times a second is all an eye can use. */
const REDRAW_MS = 100;

/** Names in hand that are shown. */
const NAMES = 3;

/**
 * One listr2 task a group, its text a counter and the names in hand: listr2 redraws every task on every change, so a
 * task for each target would be quadratic. It only draws; nothing is decided here.
 */
export function taskProgress(): Progress {
  let drawn: DrawnTask | undefined;
  let done = 0;
  let inHand = new Set<string>();
  let drawnAt = 0;
  /** Shown below the line in hand. */
  let note: string | undefined;
  /** Written when that line has ended: what is shown below it goes with it. */
  let notes: string[] = [];
  let before: Promise<void> = Promise.resolve();

  const writeNotes = (): void => {
    for (const text of notes) process.stderr.write(`${redactor.redact(text)}\n`);
    notes = [];
  };

  const begin = (group: ProgressGroup): DrawnTask => {
    const next = drawTask(group.title, before);
    before = next.run.then(writeNotes);
    // What a line begins with is drawn at once: nothing may happen in it for long.
    drawnAt = 0;
    return next;
  };

  const settle = async (error?: string): Promise<void> => {
    const last = drawn;
    const unfinished = done === 0 || inHand.size > 0;
    drawn = undefined;
    note = undefined;
    done = 0;
    inHand = new Set();
    if (error !== undefined) last?.fail(error);
    else if (unfinished) last?.leave();
    else last?.complete();
    await before;
  };

  const redraw = (group: ProgressGroup): void => {
    if (Date.now() - drawnAt < REDRAW_MS) return;
    drawnAt = Date.now();
    const names = [...inHand].slice(0, NAMES).map((step) => step.slice(step.indexOf(':') + 1));
    const counter = group.total > 1 ? `${done}/${group.total} ` : '';
    drawn?.show(note ?? `${counter}${names.join(', ')}`.trim());
  };

  return {
    onPreflight: (seen, total) => {
      const group = { title: 'Preflight', total };
      drawn ??= begin(group);
      done = seen;
      redraw(group);
    },
    onEvent: (event, state) => {
      const group = groupOf(event, state);
      if (group === undefined || !('step' in event)) return;
      if (drawn?.title !== group.title) {
        void settle();
        drawn = begin(group);
      }
      if (settles(event)) {
        done += 1;
        inHand.delete(event.step);
      } else inHand.add(event.step);
      if ('error' in event) void settle(event.error.message);
      else redraw(group);
    },
    settle: () => settle(),
    note: (text) => {
      notes.push(text);
      if (drawn === undefined) return writeNotes();
      note = text;
      drawn.show(text);
    },
  };
}
