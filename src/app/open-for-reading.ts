import { composeRuntime } from './compose.ts';
import type { Runtime } from './runtime.ts';
import { absentOperator } from './stdin-operator.ts';

/** A runtime for commands that only look: nobody is asked anything, and an interruption just ends the process. */
export function openForReading(configPath: string): Promise<Runtime> {
  const never = new AbortController().signal;
  return composeRuntime({
    configPath,
    env: process.env,
    operator: absentOperator,
    interruption: { soft: never, hard: never },
  });
}
