import { composeRuntime, useSharedFingerprints } from './compose.ts';
import type { Runtime } from './runtime.ts';
import { absentOperator } from './stdin-operator.ts';

/** A runtime for commands that only look: nobody is asked anything, and an interruption just ends the process. */
export async function openForReading(configPath: string): Promise<Runtime> {
  const never = new AbortController().signal;
  const runtime = await composeRuntime({
    configPath,
    env: process.env,
    operator: absentOperator,
    interruption: { soft: never, hard: never },
  });
  await useSharedFingerprints(runtime.storage);
  return runtime;
}

/** A runtime that leaves the state folder as it is, even where it is not there: for `rehearse` and `doctor`. */
export async function openWithoutState(configPath: string): Promise<Runtime> {
  const never = new AbortController().signal;
  return composeRuntime({
    configPath,
    env: process.env,
    operator: absentOperator,
    interruption: { soft: never, hard: never },
  });
}
