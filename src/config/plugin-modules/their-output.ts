import { AsyncLocalStorage } from 'node:async_hooks';
import { redactor } from '../../lib/redactor.ts';

const theirs = new AsyncLocalStorage<true>();
type Write = typeof process.stdout.write;

/** The way out as it was parted last: a plug-in may have put another in its place. */
let parted: Write | undefined;

/**
 * Runs code of a plug-in by somebody else. What it prints goes to stderr, through the redactor: stdout is the answer of
 * the command, which with `--json` is one document. That holds for whatever it awaits and starts, too.
 */
export function asTheirs<Answer>(work: () => Answer): Answer {
  if (process.stdout.write !== parted) partOutput();
  return theirs.run(true, work);
}

/** The code of the program itself is not in there, and writes where it always did. */
function partOutput(): void {
  const { stdout, stderr } = process;
  // One that ends the process has the last words of the program said in its name.
  if (parted === undefined) process.prependOnceListener('exit', () => theirs.disable());
  const own = stdout.write.bind(stdout) as (...args: readonly unknown[]) => boolean;
  parted = (...[chunk, ...rest]: readonly unknown[]): boolean => {
    if (theirs.getStore() === undefined) return own(chunk, ...rest);
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8');
    return stderr.write(redactor.redact(text), done);
  };
  stdout.write = parted;
}
