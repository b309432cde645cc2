import { RotationError } from '../core/errors/rotation-error.ts';

/** One mistake, and where it stands. Never holds a value of the config that may be a secret. */
export interface ConfigProblem {
  /** Relative to the working folder where it lies below it, else absolute. */
  readonly file: string;
  /** From 1; of the field's name when it is unknown, of the thing that lacks it when it is missing, else of the value. */
  readonly line: number;
  readonly column: number;
  /** `services.checkout.uses[0].from[1].store`; '' for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What would have been right: `a duration such as 30s`. */
  readonly expected?: string;
  /** The nearest right name, ready to be put in. */
  readonly suggestion?: string;
}

/** More would scroll the first away; `problems` has them all. */
const SHOWN = 50;

/** CONFIG_INVALID with every mistake of every file, in reading order. */
export class ConfigError extends RotationError {
  readonly problems: readonly ConfigProblem[];
  /** The folder of journals, as far as the root file could be read; else the default. For commands that only look there. */
  readonly stateDir: string;

  constructor(file: string, problems: readonly ConfigProblem[], stateDir: string, hint?: string) {
    super('CONFIG_INVALID', {
      subject: file,
      reason: summary(problems),
      ...(hint === undefined ? {} : { hint }),
    });
    this.problems = problems;
    this.stateDir = stateDir;
  }
}

/** `rotation.config.yaml:12:5 stores.vault.timout: unknown field "timout"; did you mean "timeout"?` */
export function renderProblem(problem: ConfigProblem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : ` ${problem.path}:`;
  const expected = problem.expected === undefined ? '' : ` (expected ${problem.expected})`;
  const suggestion = problem.suggestion === undefined ? '' : `; did you mean "${problem.suggestion}"?`;
  return `${place}${path} ${problem.message}${expected}${suggestion}`;
}

function summary(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
  const lines = problems.slice(0, SHOWN).map((problem) => `  ${renderProblem(problem)}`);
  const more = problems.length > SHOWN ? [`  … and ${problems.length - SHOWN} more`] : [];
  return [count, ...lines, ...more].join('\n');
}
