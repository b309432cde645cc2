import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import { redactor } from '../../lib/redactor.ts';

/** One line with a spinner, until it is ended in one of three ways. */
export interface DrawnTask {
  readonly title: string;
  /** Text below the title. */
  show(text: string): void;
  complete(): void;
  /** Neither done nor failed: a person acts in its place, or it was cut short. */
  leave(): void;
  fail(error: string): void;
  /** Resolves when the line stands and the terminal is free. */
  readonly run: Promise<void>;
}

/** Begins when `after` resolves: two renderers at once would draw over each other. */
export function drawTask(title: string, after: Promise<void>): DrawnTask {
  let end: (how: { readonly error?: string; readonly left?: true }) => void = () => {};
  const ended = new Promise<{ readonly error?: string; readonly left?: true }>((resolve) => {
    end = resolve;
  });
  let text = '';
  let show = (next: string): void => {
    text = next;
  };
  // Made when it runs: a logger keeps the stream's `write` of that moment, and the line before has replaced it.
  const makeList = () =>
    new Listr(
      [
        {
          title,
          task: async (_ctx, task) => {
            show = (next) => {
              task.output = redactor.redact(next);
            };
            if (text !== '') show(text);
            const { error, left } = await ended;
            if (error !== undefined) throw new Error(redactor.redact(error));
            if (left === true) task.skip();
          },
        },
      ],
      {
        // Drawn on stderr: stdout is for the answer.
        rendererOptions: {
          // Title and error, not the error in place of the title.
          collapseErrors: false,
          logger: new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) }),
        },
        exitOnError: false,
        registerSignalListeners: false,
      },
    );
  const drawing = async (): Promise<void> => {
    await after;
    // What a task threw has been drawn; the rotation tells it itself.
    await makeList()
      .run()
      .catch(() => {});
  };
  return {
    title,
    run: drawing(),
    show: (next) => show(next),
    complete: () => end({}),
    leave: () => end({ left: true }),
    fail: (error) => end({ error }),
  };
}
