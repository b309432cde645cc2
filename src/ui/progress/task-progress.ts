import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { redactor } from '../../lib/redactor.ts';
import type { Progress } from './progress.ts';
import { groupOf, type ProgressGroup, settles } from './progress-group.ts';

/** Every change redraws: ten times a second is all an eye can use. */
const REDRAW_MS = 100;

interface Drawn {
  readonly group: ProgressGroup;
  update(text: string): void;
  end(error?: string): Promise<void>;
  readonly run: Promise<void>;
}

/**
 * One listr2 task a group, its text a counter and the names in hand: listr2 redraws every task on every change, so a
 * task for each target would be quadratic. It only draws; nothing is decided here.
 */
export function taskProgress(): Progress {
  let drawn: Drawn | undefined;
  let done = 0;
  let inHand = new Set<string>();
  let drawnAt = 0;
  let before: Promise<void> = Promise.resolve();

  const begin = (group: ProgressGroup): Drawn => {
    const next = draw(group, before);
    before = next.run;
    return next;
  };

  const settle = async (error?: string): Promise<void> => {
    const last = drawn;
    drawn = undefined;
    done = 0;
    inHand = new Set();
    await last?.end(error);
    await before;
  };

  const redraw = (group: ProgressGroup): void => {
    if (Date.now() - drawnAt < REDRAW_MS) return;
    drawnAt = Date.now();
    const names = [...inHand].slice(0, 3).join(', ');
    const counter = group.total > 1 ? `${done}/${group.total} ` : '';
    drawn?.update(`${counter}${names}`.trim());
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
      if (drawn?.group.title !== group.title) {
        void settle();
        drawn = begin(group);
      }
      if (settles(event)) {
        done += 1;
        inHand.delete(event.step);
      } else inHand.add(event.step.slice(event.step.indexOf(':') + 1));
      if ('error' in event) void settle(event.error.message);
      else redraw(group);
    },
    settle: () => settle(),
  };
}

function draw(group: ProgressGroup, after: Promise<void>): Drawn {
  let finish: (error?: string) => void = () => {};
  let show: (text: string) => void = () => {};
  const finished = new Promise<void>((resolve, reject) => {
    finish = (error) => (error === undefined ? resolve() : reject(new Error(redactor.redact(error))));
  });
  finished.catch(() => {});
  const list = new Listr(
    [
      {
        title: group.title,
        task: (_ctx, task) => {
          show = (text) => {
            task.output = redactor.redact(text);
          };
          return finished;
        },
      },
    ],
    {
      // Drawn on stderr: stdout is for the answer.
      rendererOptions: {
        logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
      },
      exitOnError: false,
      registerSignalListeners: false,
    },
  );
  // One at a time: two renderers would draw over each other.
  const run = after
    .then(() => list.run())
    .then(
      () => {},
      () => {},
    );
  return {
    group,
    run,
    update: (text) => show(text),
    end: async (error) => {
      finish(error);
      await run;
    },
  };
}
