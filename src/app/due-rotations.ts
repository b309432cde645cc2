import { isDue } from './resume.ts';
import { listRotations } from './rotations.ts';
import type { Runtime } from './runtime.ts';

/** Ids of the rotations that wait for time, and whose time has come; those that wait for a person are left alone. */
export async function dueRotations(runtime: Runtime): Promise<readonly string[]> {
  const now = runtime.clock.now();
  const { states } = await listRotations(runtime.storage);
  return states
    .filter((state) => isDue(state, now))
    .map((state) => state.rotationId)
    .reverse();
}
