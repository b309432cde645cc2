import type { ErrorCode } from '../../../src/core/errors/codes.ts';
import { RotationError } from '../../../src/core/errors/rotation-error.ts';
import type { EvidenceItem, GatePhase, Phase, StepsPhase, WaitPhase } from '../../../src/core/phase.ts';
import type { Step } from '../../../src/core/step.ts';

export const fault = (code: ErrorCode, reason = 'as the test wants it'): RotationError =>
  new RotationError(code, { subject: 'the fake', reason });

/** Gives each value in turn (throws it, when it is an error), and the last one for ever. */
export function inTurn<T>(...turns: readonly (T | Error)[]): () => Promise<T> {
  let next = 0;
  return async () => {
    const turn = turns[Math.min(next, turns.length - 1)] as T | Error;
    next += 1;
    if (turn instanceof Error) throw turn;
    return turn;
  };
}

/** Steps that do nothing but leave a trail: `prepare a`, `run a`, `look a`, `discard a`, `undo a`. */
export function stepsOn(trail: string[]): (id: string, over?: Partial<Step>) => Step {
  return (id, over = {}) => {
    const leave = (what: string): void => {
      trail.push(`${what} ${id}`);
    };
    const step: Step = {
      id,
      effect: over.effect ?? 'reversible',
      describe: () => ({ title: id }),
      prepare: async (ctx) => {
        leave('prepare');
        return (await over.prepare?.(ctx)) ?? `before ${id}`;
      },
      run: async (prepared, ctx) => {
        leave('run');
        return (await over.run?.(prepared, ctx)) ?? `did ${id}`;
      },
      reconcile: async (prepared, ctx) => {
        leave('look');
        return (await over.reconcile?.(prepared, ctx)) ?? { state: 'absent' };
      },
      discard: async (orphan, ctx) => {
        leave('discard');
        await over.discard?.(orphan, ctx);
      },
      compensate: async (prepared, output, ctx) => {
        leave('undo');
        await over.compensate?.(prepared, output, ctx);
      },
    };
    return step;
  };
}

export function steps(id: string, list: readonly Step[], over: Partial<StepsPhase> = {}): StepsPhase {
  return { kind: 'steps', id, title: id, steps: list, concurrency: 1, onFailure: 'rollback', ...over };
}

export function wait(id: string, ms: number): WaitPhase {
  return { kind: 'wait', id, title: id, ms };
}

export function gate(
  policy: GatePhase['policy'],
  verdicts: () => readonly EvidenceItem['verdict'][],
): GatePhase {
  const gather = async () => verdicts().map((verdict) => ({ text: 'evidence', verdict }));
  return { kind: 'gate', id: 'gate', title: 'gate', policy, gather };
}

/** What a rotation looks like to the engine. */
export type Phases = readonly Phase[];
