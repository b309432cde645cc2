import { afterEach, describe, expect, test } from 'vitest';
import { type KillableRotation, startKillableRotation } from '../../support/killable-rotation.ts';
import { DOTENV, expectRotated, VAULT } from './outcomes.ts';

let rotation: KillableRotation;
afterEach(() => rotation.stop());

describe('a rotation killed twice', () => {
  const cases = [
    [
      { step: 'create-key', point: 'after-effect' },
      { step: 'create-key', point: 'after-effect' },
    ],
    [
      { step: 'create-key', point: 'after-effect' },
      { step: 'create-key', point: 'after-intent' },
    ],
    [
      { step: 'create-key', point: 'after-outcome' },
      { step: DOTENV, point: 'after-effect' },
    ],
    [
      { step: DOTENV, point: 'after-intent' },
      { step: DOTENV, point: 'after-effect' },
    ],
    [
      { step: DOTENV, point: 'after-effect' },
      { step: VAULT, point: 'after-effect' },
    ],
    [
      { step: VAULT, point: 'after-intent' },
      { step: 'deactivate-key', point: 'after-effect' },
    ],
    [
      { step: 'deactivate-key', point: 'after-effect' },
      { step: 'deactivate-key', point: 'after-effect' },
    ],
    [
      { step: 'deactivate-key', point: 'after-intent' },
      { step: 'delete-key', point: 'after-effect' },
    ],
    [
      { step: 'delete-key', point: 'after-effect' },
      { step: 'delete-key', point: 'after-effect' },
    ],
  ] as const;
  test.for(cases)('first %o, then %o', async ([first, second]) => {
    rotation = await startKillableRotation();
    expect((await rotation.run('rotate', first)).signal).toBe('SIGKILL');
    expect((await rotation.run('resume', second)).signal).toBe('SIGKILL');
    const resumed = await rotation.run('resume');
    expect(resumed.report?.status, resumed.stderr).toBe('done');
    await expectRotated(rotation);
  });
});
