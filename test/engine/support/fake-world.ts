import type { ErrorCode } from '../../../src/core/errors/codes.ts';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { Step } from '../../../src/core/step.ts';

/** A world of named effects that are there or not, and all that was done to it, in order. */
export interface FakeWorld {
  readonly effects: Set<string>;
  readonly log: string[];
  /** A step whose effect is its own name. */
  step(id: string, over?: Partial<Step>): Step;
}

export function fakeWorld(): FakeWorld {
  const effects = new Set<string>();
  const log: string[] = [];
  return {
    effects,
    log,
    step: (id, over = {}) => ({
      id,
      effect: 'reversible',
      describe: () => ({ title: id }),
      run: async () => {
        log.push(`run ${id}`);
        effects.add(id);
        return { made: id };
      },
      reconcile: async () => {
        log.push(`look ${id}`);
        return effects.has(id) ? { state: 'applied', output: { made: id } } : { state: 'absent' };
      },
      compensate: async () => {
        log.push(`undo ${id}`);
        effects.delete(id);
      },
      ...over,
    }),
  };
}

export function failure(code: ErrorCode, reason = 'made to fail'): RotationError {
  return new RotationError(code, { subject: 'the fake', reason });
}

/** Fails the first `times`, then does what `work` does. */
export function failingFirst<T>(times: number, error: () => Error, work: () => Promise<T>): () => Promise<T> {
  let left = times;
  return async () => {
    if (left === 0) return work();
    left -= 1;
    throw error();
  };
}
