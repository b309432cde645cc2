import { afterEach, describe, expect, it } from 'vitest';
import { collectFaults } from '../../src/app/plan/collect-faults.ts';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import { REQUEST, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld | undefined;
afterEach(() => world?.stop());

const unset = (name: string) =>
  new RotationError('CONFIG_INVALID', {
    subject: `env:${name}`,
    reason: 'it is not set',
    hint: `Set ${name}.`,
  });
const attempts = async (...errors: readonly Error[]) => {
  const faults = collectFaults();
  for (const error of errors) await faults.attempt(() => Promise.reject(error));
  return faults.fault();
};

describe('what cannot be opened', () => {
  it('is told at once, each thing once', async () => {
    expect(await attempts(unset('ONE'), unset('TWO'), unset('ONE'))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/2 parts.*: env:ONE .* not set; env:TWO .* not set$/),
      hint: 'Set ONE. Set TWO.',
    });
    const only = unset('ONE');
    expect(await attempts(only)).toBe(only);
    expect(await attempts()).toBeUndefined();
  });

  it('is nothing but mistakes of the config', async () => {
    await expect(attempts(new TypeError('a defect'))).rejects.toThrow(TypeError);
  });

  it('is asked of stores, issuer and services before a plan is refused for it', async () => {
    world = await startWorld({ stores: ['gitlab-ci', 'circleci'] });
    const runtime = world.runtime({
      resolve: (reference) => Promise.reject(unset(reference)),
    });
    const refused = await planRotation(runtime, REQUEST, { acceptDrift: false, onPreflight: () => {} }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'CONFIG_INVALID' });
    const { message } = refused as RotationError;
    expect(message.split('; ').length).toBeGreaterThan(1);
  });
});
