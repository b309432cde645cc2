import { describe, expect, it } from 'vitest';
import { dueRotations } from '../../src/app/due-rotations.ts';
import { approveRotation, resumeRotation, rollBack } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import { listRotations, onlyOpenRotation } from '../../src/app/rotations.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { absentOperator } from '../../src/app/stdin-operator.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { RotationStorage } from '../../src/engine/storage.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';
import { garbage, go, oldKeyLives, open, storeOf, target, world } from './support/open-world.ts';

const HOUR = 3_600_000;
const decision = { by: 'ann', despiteEvidence: false };

describe('a rotation that has ended', () => {
  it('is told as it ended, again and again, and cannot be taken back', async () => {
    await open();
    const { rotationId } = await go();
    const runtime = world.runtime();
    expect(await resumeRotation(runtime, rotationId, obedientDialog())).toMatchObject({ status: 'done' });
    expect(await approveRotation(runtime, rotationId, decision, obedientDialog())).toMatchObject({
      status: 'done',
    });
    const error = await rollBack(runtime, rotationId, obedientDialog()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('it has ended, and the old key it kept sealed is destroyed'),
      hint: expect.stringContaining('keyturn rotate the-key'),
    });
    expect(await holdings(world)).toEqual(['new', 'new']);
  });

  it('by a rollback says why', async () => {
    await open();
    const ended = await go(failChecks(world, 'check'));
    expect(ended.status).toBe('rolled-back');
    const again = await rollBack(world.runtime(), ended.rotationId, obedientDialog());
    expect(again).toMatchObject({ status: 'rolled-back', message: ended.message });
  });
});

describe('an approval', () => {
  it('is good for the gate it is given at, and not for one that comes later', async () => {
    await open({ policy: { deactivate: 'ask', soakMs: HOUR } });
    const stay = obedientDialog({ stayUntil: async () => false });
    const clock = virtualClock(Date.now());
    const soaking = await rotate(world.runtime({ clock }), REQUEST, stay);
    expect(soaking).toMatchObject({ status: 'waiting', waitsUntil: expect.any(String) });

    const early = await approveRotation(world.runtime({ clock }), soaking.rotationId, decision, stay);
    expect(early).toMatchObject({ status: 'waiting' });
    clock.advance(HOUR);
    expect(await resumeRotation(world.runtime({ clock }), soaking.rotationId, stay)).toMatchObject({
      status: 'at-gate',
    });
    expect(await oldKeyLives()).toBe(true);
  });

  it('of somebody who saw failing evidence and did not say "despite" opens nothing', async () => {
    await open({ policy: { deactivate: 'ask' } });
    const dialog = obedientDialog({ decideGate: async () => decision });
    const report = await rotate(
      world.runtime({
        probe: async (point, step) => {
          if (point === 'after-outcome' && step.startsWith(`push:${target(1).store}`))
            await storeOf(target(1).store).overwrite(target(1).slot, garbage(1));
        },
      }),
      REQUEST,
      dialog,
    );
    expect(report).toMatchObject({ status: 'at-gate', exitCode: 6 });
    expect(report.message).toContain('1 piece of evidence fails');
    expect(await oldKeyLives()).toBe(true);
  });
});

describe('Ctrl-C while a rotation waits', () => {
  /** A clock whose sleep ends as this throws. */
  const soaking = async (thrown: unknown) => {
    await open({ policy: { deactivate: 'after-soak', soakMs: HOUR } });
    const soft = new AbortController();
    const waits = virtualClock(Date.now());
    const clock = {
      ...waits,
      sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
        // The pauses between two questions go by.
        if (ms < HOUR / 2) return waits.sleep(ms, signal);
        soft.abort();
        throw thrown;
      },
    };
    const interruption = { soft: soft.signal, hard: new AbortController().signal };
    return rotate(world.runtime({ clock, interruption }), REQUEST, obedientDialog());
  };

  it('leaves it with every store pushed, ready to be resumed', async () => {
    const report = await soaking(new RotationError('ABORTED', { subject: 'the wait' }));
    expect(await holdings(world)).toEqual(['new', 'new']);
    expect(report).toMatchObject({ status: 'interrupted', exitCode: 130 });
    expect(report.next[0]).toBe(`keyturn resume ${report.rotationId}`);
    expect(await oldKeyLives()).toBe(true);
  });

  it('is not what a defect of the clock looks like', async () => {
    const defect = new TypeError('no such timer');
    await expect(soaking(defect)).rejects.toBe(defect);
  });
});

describe('what is due', () => {
  const due = async (over: Partial<Runtime> = {}) => (await dueRotations(world.runtime(over))).due;

  it('is no rotation that waits for a person, to bring a key or to approve', async () => {
    await open({ issuer: { type: 'postman' } });
    expect((await go({ operator: absentOperator })).status).toBe('needs-operator');
    expect(await due()).toEqual([]);
    await world.stop();

    await open({ policy: { deactivate: 'ask' } });
    expect((await go()).status).toBe('at-gate');
    expect(await due()).toEqual([]);
  });

  it('is one whose wait is over, or began on a clock that was set back since; not one that waits or has ended', async () => {
    await open({ policy: { deactivate: 'after-soak', soakMs: HOUR } });
    const clock = virtualClock(Date.now());
    const stay = obedientDialog({ stayUntil: async () => false });
    const { rotationId } = await rotate(world.runtime({ clock }), REQUEST, stay);
    expect(await due({ clock })).toEqual([]);
    expect(await due({ clock: virtualClock(clock.now() - 2 * HOUR) })).toEqual([rotationId]);
    clock.advance(HOUR);
    expect(await due({ clock })).toEqual([rotationId]);
    await resumeRotation(world.runtime({ clock }), rotationId, obedientDialog());
    expect(await due({ clock })).toEqual([]);
  });

  it('is one at a gate that opens by itself, for its evidence may have changed', async () => {
    await open({ policy: { deactivate: 'now' }, withService: false });
    const report = await go();
    expect(report.status).toBe('at-gate');
    expect(await due()).toEqual([report.rotationId]);
  });
});

it('a policy does not switch the key off again, tick after tick of cron, whose end took a service down', async () => {
  await open({ policy: { deactivate: 'now', watch: { forMs: 60_000, everyMs: 60_000 } } });
  const { rotationId, status } = await go(failChecks(world, 'watch'));
  expect(status).toBe('back-at-gate');
  expect((await dueRotations(world.runtime())).due).toEqual([]);

  const again = await resumeRotation(world.runtime(), rotationId, obedientDialog());
  expect(again).toMatchObject({ status: 'at-gate', exitCode: 6 });
  expect(await oldKeyLives()).toBe(true);

  expect(await approveRotation(world.runtime(), rotationId, decision, obedientDialog())).toMatchObject({
    status: 'done',
  });
});

describe('the rotation that is meant when none is named', () => {
  const folder = (ids: readonly string[], entries: RotationStorage['entries']) => ({
    ...world.runtime().storage,
    rotationIds: async () => ids,
    entries,
  });

  it('is the only open one', async () => {
    await open({ policy: { deactivate: 'ask' } });
    const { storage } = world.runtime();
    await expect(onlyOpenRotation(storage)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('none is open'),
      hint: expect.stringContaining('keyturn rotate'),
    });
    const { rotationId } = await go();
    expect(await onlyOpenRotation(storage)).toBe(rotationId);

    const twice = folder([rotationId, rotationId], storage.entries);
    await expect(onlyOpenRotation(twice)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining(`2 are open: ${rotationId}, ${rotationId}`),
      hint: 'Name one of them.',
    });
  });

  it('is none of those that never began or are damaged; what is no damage is not taken for it', async () => {
    await open();
    const failing = (error: unknown): RotationStorage['entries'] =>
      async function* () {
        yield* [];
        throw error;
      };
    const damaged = new RotationError('REFUSED', { subject: 'journal', reason: 'line 3' });
    expect(await listRotations(folder(['r1'], failing(damaged)))).toEqual({
      states: [],
      damaged: [{ rotationId: 'r1', message: damaged.message }],
    });
    expect(await listRotations(folder(['r1'], async function* () {}))).toEqual({ states: [], damaged: [] });
    const defect = new TypeError('not iterable');
    await expect(listRotations(folder(['r1'], failing(defect)))).rejects.toBe(defect);
  });
});

it('the lock of a key whose rotation left no journal is free for the next', async () => {
  await open();
  const { storage } = world.runtime();
  const begun = await storage.acquireLock({
    key: 'the-key',
    rotationId: 'r-gone',
    isOpen: async () => false,
  });
  await begun.release();
  expect(await go()).toMatchObject({ status: 'done' });
});
