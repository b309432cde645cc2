import { setImmediate } from 'node:timers/promises';

const CTRL_C = '\u0003';

/**
 * While `work` runs, what is typed is neither shown nor kept for the next question: a key that is pasted twice must
 * not stand on the screen. Between two questions a terminal shows what is typed. Ctrl-C stays the signal it is.
 */
export async function withoutEcho<T>(stdin: NodeJS.ReadStream, work: () => Promise<T>): Promise<T> {
  const onKeys = (keys: Buffer): void => {
    if (keys.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
  };
  stdin.setRawMode(true);
  stdin.on('data', onKeys);
  stdin.resume();
  try {
    return await work();
  } finally {
    await pollOnce();
    stdin.off('data', onKeys);
    stdin.pause();
    stdin.setRawMode(false);
  }
}

/** Throws away what was typed before a question stood there: it was meant for something else. */
export async function discardTyped(stdin: NodeJS.ReadStream): Promise<void> {
  if (stdin.isTTY === true) await withoutEcho(stdin, async () => {});
}

/** What lies in the terminal is read when the event loop polls, and between two turns it has polled. */
async function pollOnce(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
