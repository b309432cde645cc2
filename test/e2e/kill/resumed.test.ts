import { afterEach, describe, expect, test } from 'vitest';
import { type KillableRotation, startKillableRotation } from '../../support/killable-rotation.ts';
import { DOTENV, expectRotated, VAULT } from './outcomes.ts';

const POINTS = ['before-intent', 'after-intent', 'after-effect', 'after-outcome'] as const;
const FORWARD = [
  'capture-old-key',
  'create-key',
  'verify-key',
  'keep-old-key',
  'guard:shop',
  DOTENV,
  'reload:shop',
  'check:shop/alive',
  VAULT,
  'deactivate-key',
  'prove-dead',
  'delete-key',
];

let rotation: KillableRotation;
afterEach(() => rotation.stop());

describe('a rotation killed by SIGKILL and resumed', () => {
  const cases = FORWARD.flatMap((step) => POINTS.map((point) => ({ step, point })));
  test.for(cases)('$point of $step', async ({ step, point }) => {
    rotation = await startKillableRotation();
    const killed = await rotation.run('rotate', { step, point });
    expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL', report: undefined });

    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('done');
    await expectRotated(rotation);
  });
});
