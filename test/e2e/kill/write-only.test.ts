import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approveRotation } from '../../../src/app/resume.ts';
import { pushId } from '../../../src/steps/push.ts';
import { targetId } from '../../../src/steps/target.ts';
import {
  type ChildEnd,
  type KillableRotation,
  startKillableRotation,
} from '../../support/killable-rotation.ts';
import { catalog, obedientDialog } from '../../support/world.ts';
import { showingNothing } from '../../support/write-only-slots.ts';
import { expectAsBefore, expectRotated } from './outcomes.ts';

/** Slots that show nothing in stores that can show values: what they are is known from the frozen plan alone. */
const KINDS = ['gitlab-ci', 'http', 'command'];

let rotation: KillableRotation;
afterEach(() => rotation.stop());

/** The push to the store in question; `dotenv` is the other one, and shows the old key. */
function blindPush(): string {
  const target = rotation.world.targets.at(-1);
  if (target === undefined) throw new Error('the world has no target');
  return pushId({ id: targetId(target.store, target.slot.ref, target.slot.fields) });
}

/** What nothing proves waits for a person, who has seen the service work. */
async function approved({ report, stderr }: ChildEnd): Promise<string | undefined> {
  if (report?.status !== 'at-gate') return report?.status ?? stderr;
  expect(report.evidence.map(({ verdict }) => verdict)).not.toContain('fail');
  const approval = { by: 'somebody', despiteEvidence: false };
  const runtime = rotation.world.runtime();
  return (await approveRotation(runtime, report.rotationId, approval, obedientDialog())).status;
}

describe.each(KINDS)('over slots of %s that show nothing', (kind) => {
  beforeEach(async () => {
    const shape = { stores: ['dotenv', kind], catalog: showingNothing(KINDS, catalog) };
    rotation = await startKillableRotation(shape);
  });
  const killed = async (point: 'after-intent' | 'after-effect') =>
    expect((await rotation.run('rotate', { step: blindPush(), point })).signal).toBe('SIGKILL');

  test.each(['after-intent', 'after-effect'] as const)(
    'killed %s of the push, and resumed: it is written again, and once more does no harm',
    async (point) => {
      await killed(point);
      expect(await approved(await rotation.run('resume'))).toBe('done');
      await expectRotated(rotation);
    },
  );

  test('killed right after the push, and taken back: the old key is put there', async () => {
    await killed('after-effect');
    const back = await rotation.run('rollback');
    expect(back.report?.status, back.stderr).toBe('rolled-back');
    await expectAsBefore(rotation);
  });

  test('killed right after it was taken back, and taken back again', async () => {
    await killed('after-effect');
    const undone = { step: `undo:${blindPush()}`, point: 'after-effect' } as const;
    expect((await rotation.run('rollback', undone)).signal).toBe('SIGKILL');
    const again = await rotation.run('rollback');
    expect(again.report?.status, again.stderr).toBe('rolled-back');
    await expectAsBefore(rotation);
  });
});
