import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertPlanHolds } from '../../src/app/plan/plan-file.ts';
import type { PlannedTarget, RotationPlan } from '../../src/app/plan/rotation-plan.ts';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { isRotationError } from '../../src/core/errors/rotation-error.ts';
import { REQUEST, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let plan: RotationPlan;
beforeEach(async () => {
  world = await startWorld();
  ({ plan } = await planRotation(world.runtime(), REQUEST, { acceptDrift: false, onPreflight: () => {} }));
});
afterEach(() => world.stop());

const targetsWith = (change: (target: PlannedTarget) => Partial<PlannedTarget>): readonly PlannedTarget[] =>
  plan.targets.map((target, index) => (index === 0 ? { ...target, ...change(target) } : target));
const first = (): string => plan.targets[0]?.id ?? 'no target';

describe('a plan that was approved is not run when', () => {
  test.each<[string, () => Partial<RotationPlan>, () => string]>([
    ['it is for another key', () => ({ key: 'another' }), () => 'the plan is for key the-key'],
    ['the key was rotated since', () => ({ oldKeyId: 'newer' }), () => 'the current key is another one'],
    ['a target came', () => ({ targets: targetsWith(() => ({ id: 'x/y#z' })) }), () => 'x/y#z is new'],
    ['a target went', () => ({ targets: plan.targets.slice(1) }), () => `${first()} is gone`],
    [
      'a target holds another value',
      () => ({ targets: targetsWith(() => ({ fingerprints: { ACCESS_ID: 'fp:another' } })) }),
      () => `${first()} holds another value`,
    ],
    ['the config was changed', () => ({ concurrency: 1 }), () => 'the configuration was changed'],
  ])('%s, and the refusal says so', (_when, change, reason) => {
    const refused = (): unknown => {
      try {
        return assertPlanHolds(plan, { ...plan, ...change() });
      } catch (error) {
        return error;
      }
    };
    const error = refused();
    if (!isRotationError(error, 'DRIFT')) throw error ?? new Error('it was taken');
    expect(error.context.reason).toContain(reason());
    expect([error.exitCode, error.hint]).toEqual([8, expect.stringContaining('keyturn plan')]);
  });

  test('many things moved: the first of them are named', () => {
    const many = Array.from({ length: 30 }, (_, at) => ({ ...plan.targets[0], id: `t${at}` }));
    const now = { ...plan, targets: many as PlannedTarget[] };
    expect(() => assertPlanHolds(plan, now)).toThrow(/t0 is new; .*t9 is new$/);
  });
});
