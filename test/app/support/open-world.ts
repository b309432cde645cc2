import { afterEach } from 'vitest';
import { rotate } from '../../../src/app/rotate.ts';
import type { Runtime } from '../../../src/app/runtime.ts';
import {
  catalog,
  obedientDialog,
  REQUEST,
  type Shape,
  startWorld,
  type TestWorld,
} from '../../support/world.ts';

/** The world of the test that runs now; stopped after it. */
export let world: TestWorld;

afterEach(() => world.stop());

export async function open(shape: Shape = {}): Promise<TestWorld> {
  world = await startWorld(shape);
  return world;
}

export const go = (over: Partial<Runtime> = {}, request = REQUEST) =>
  rotate(world.runtime(over), request, obedientDialog());

/** With a person at the gate, who lets pass what nothing proves: a store may have no evidence to give. */
export const goApproved = (over: Partial<Runtime> = {}) =>
  rotate(
    world.runtime(over),
    REQUEST,
    obedientDialog({
      decideGate: async (evidence) =>
        evidence.some(({ verdict }) => verdict === 'fail')
          ? undefined
          : { by: 'somebody', despiteEvidence: false },
    }),
  );

export const oldKeyLives = (): Promise<boolean> => world.issuer.isLive(world.oldKey.credential);
export const effects = (): number =>
  [world.issuer, ...world.stores.values()].reduce((sum, emulator) => sum + emulator.effects(), 0);
export const target = (at: number) => {
  const found = world.targets[at];
  if (found === undefined) throw new Error(`the world has no target ${at}`);
  return found;
};
export const storeOf = (name: string) => {
  const found = world.stores.get(name);
  if (found === undefined) throw new Error(`the world has no store ${name}`);
  return found;
};
export const garbage = (at: number) =>
  Object.fromEntries(target(at).slot.fields.map((field) => [field, `somebody-elses-${field}`]));

/** Calls `deed` right before a step has its effect, once. */
export function before(stepId: string, deed: () => unknown): Pick<Runtime, 'probe'> {
  let done = false;
  return {
    probe: async (point, step) => {
      if (done || point !== 'after-intent' || !step.startsWith(stepId)) return;
      done = true;
      await deed();
    },
  };
}

/** The plug-in id of every kind of store there is: a new one is tested by being there. */
export const KINDS = Object.keys(catalog.stores);
