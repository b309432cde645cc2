import type { HttpAnswer } from '../../lib/http/http-client.ts';

/**
 * Enterprise servers answer a write with its place in the log; a read that names it is refused (412, retryable) by
 * a standby that is not there yet, rather than answered with the value before.
 */
export interface WriteIndexes {
  of(ref: string): string | undefined;
  learn(ref: string, answer: HttpAnswer): void;
}

/** Only the read-back right after the write needs it. */
const MOST = 1024;

export function createWriteIndexes(): WriteIndexes {
  const indexes = new Map<string, string>();
  return {
    of: (ref) => indexes.get(ref),
    learn: (ref, answer) => {
      const index = answer.headers['x-vault-index'];
      if (index === undefined) return;
      indexes.delete(ref);
      indexes.set(ref, index);
      if (indexes.size > MOST) for (const oldest of indexes.keys()) return void indexes.delete(oldest);
    },
  };
}
