import type { Credential } from '../../../src/core/credential.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { StepContext } from '../../../src/core/step.ts';
import { virtualClock } from '../../../src/lib/virtual-clock.ts';
import { CAPTURE_OLD_KEY, CREATE_KEY, sealKey } from '../../../src/steps/material.ts';

export const ROTATION = '20300101-rotation';

export interface TestContext extends StepContext {
  readonly clock: ReturnType<typeof virtualClock>;
  stop(): void;
}

/** A step's context in which the old key, and where given the new one, are sealed already. */
export async function contextWith(oldKey: Credential, newKey?: Credential): Promise<TestContext> {
  const outputs = new Map();
  const stop = new AbortController();
  const ctx: TestContext = {
    rotationId: ROTATION,
    signal: stop.signal,
    clock: virtualClock(Date.parse('2030-01-01T12:00:00Z')),
    output: (stepId) => outputs.get(stepId),
    // Not encryption: told from plaintext by being reversed.
    seal: async (secret) => [...secret.reveal()].reverse().join(''),
    unseal: async (text) => new Secret([...text].reverse().join('')),
    stop: () => stop.abort(),
  };
  outputs.set(CAPTURE_OLD_KEY, await sealKey('old-id', oldKey, ctx));
  if (newKey !== undefined) outputs.set(CREATE_KEY, await sealKey('new-id', newKey, ctx));
  return ctx;
}
