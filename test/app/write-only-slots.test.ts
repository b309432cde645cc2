import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bindPlan } from '../../src/app/plan/bound-plan.ts';
import { assertPlanHolds } from '../../src/app/plan/plan-file.ts';
import type { PlannedTarget, RotationPlan } from '../../src/app/plan/rotation-plan.ts';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { createPluginHost } from '../../src/app/plugin-host.ts';
import { approveRotation } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import type { Operator } from '../../src/core/operator.ts';
import type { GitlabCiEmulator } from '../../src/stores/gitlab-ci/emulator.ts';
import {
  catalog,
  holdings,
  obedientDialog,
  REQUEST,
  type Shape,
  startWorld,
  type TestWorld,
} from '../support/world.ts';
import { showingNothing } from '../support/write-only-slots.ts';
import { failChecks } from './support/fail-checks.ts';

/** Kinds of store that show the values of some slots, and of others none. */
const KINDS = ['gitlab-ci', 'http', 'command'];

let world: TestWorld;
afterEach(() => world.stop());

const open = async (stores: readonly string[], shape: Shape = {}): Promise<TestWorld> => {
  world = await startWorld({ ...shape, stores, catalog: showingNothing(KINDS, catalog) });
  return world;
};
const plan = async (runtime = world.runtime()) =>
  planRotation(runtime, REQUEST, { acceptDrift: false, onPreflight: () => {} });
const inStore = <T extends { readonly store: string }>(targets: readonly T[], kind: string): T => {
  const found = targets.find(({ store }) => store === kind);
  if (found === undefined) throw new Error(`there is no target in ${kind}`);
  return found;
};
const plannedIn = (frozen: RotationPlan, kind: string) => inStore(frozen.targets, kind);
const overwriteIn = async (kind: string): Promise<void> => {
  const { slot } = inStore(world.targets, kind);
  const theirs = Object.fromEntries(slot.fields.map((field) => [field, `theirs-for-${field}`]));
  await world.stores.get(kind)?.overwrite(slot, theirs);
};

describe.each(KINDS)('slots of %s that show nothing, in a store that can show values', (kind) => {
  beforeEach(() => open(['dotenv', kind]));

  test('are found by preflight, and frozen in the plan as what they are', async () => {
    const { plan: frozen } = await plan();
    const [shown, blind] = [plannedIn(frozen, 'dotenv'), plannedIn(frozen, kind)];
    expect(shown).toMatchObject({ offers: { readable: true, evidence: 'read-back' } });
    expect(blind).toMatchObject({ fingerprints: null, offers: { readable: false, cas: false } });
    expect(blind.offers?.evidence).toBe(kind === 'gitlab-ci' ? 'none' : 'timestamp');
  });

  test('get the new key, proved by what they offer and by no more', async () => {
    const report = await rotate(world.runtime(), REQUEST, obedientDialog());
    const proved = kind !== 'gitlab-ci';
    expect(report.status).toBe(proved ? 'done' : 'at-gate');
    if (!proved) {
      const text = expect.stringContaining('nothing proves the push to gitlab-ci');
      expect(report.evidence).toContainEqual({ verdict: 'inconclusive', text });
      const approval = { by: 'ann', despiteEvidence: false };
      const opened = await approveRotation(world.runtime(), report.rotationId, approval, obedientDialog());
      expect(opened.status).toBe('done');
    }
    expect(await holdings(world)).toEqual(['new', 'new']);
  });

  test('get the key back that another store showed, when a service fails', async () => {
    const report = await rotate(world.runtime(failChecks(world, 'check')), REQUEST, obedientDialog());
    expect(report.status).toBe('rolled-back');
    expect(await holdings(world)).toEqual(['old', 'old']);
  });
});

test('at the gate a stamp that is not ours is somebody else’s write', async () => {
  await open(['dotenv', 'http'], { policy: { deactivate: 'ask' } });
  const { rotationId } = await rotate(world.runtime(), REQUEST, obedientDialog());
  await overwriteIn('http');
  const approval = { by: 'ann', despiteEvidence: false };
  const report = await approveRotation(world.runtime(), rotationId, approval, obedientDialog());
  const text = expect.stringContaining('updated by somebody else after the push');
  expect(report).toMatchObject({ status: 'at-gate' });
  expect(report.evidence).toContainEqual({ verdict: 'fail', text });
});

describe('a key that only a hidden variable holds', () => {
  beforeEach(() => open(['gitlab-ci']));

  const untold = (operator: Operator, over: Partial<Runtime> = {}): Runtime => {
    const runtime = world.runtime({ operator, ...over });
    const keys = Object.fromEntries(
      Object.entries(runtime.config.keys).map(([name, key]) => [name, { ...key, current: undefined }]),
    );
    return { ...runtime, config: { ...runtime.config, keys } };
  };
  const person = (): Operator => ({
    ...world.operator,
    provideCurrentKey: async () => world.oldKey.credential,
  });

  test('is asked for, and written back when the rotation is', async () => {
    const runtime = untold(person(), failChecks(world, 'check'));
    expect(await rotate(runtime, REQUEST, obedientDialog())).toMatchObject({ status: 'rolled-back' });
    expect(await holdings(world)).toEqual(['old']);
  });

  test('is a finding where nobody is there to ask, and nothing is touched', async () => {
    await expect(rotate(untold(world.operator), REQUEST, obedientDialog())).rejects.toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'NOT_FOUND', hint: expect.stringContaining('`current`') }),
      ]),
    });
    expect(await holdings(world)).toEqual(['old']);
  });
});

test('a variable that was made anew as hidden since preflight is not what it was, and is left alone', async () => {
  world = await startWorld({ stores: ['dotenv', 'gitlab-ci'] });
  const { slot } = inStore(world.targets, 'gitlab-ci');
  const { variables } = world.stores.get('gitlab-ci') as GitlabCiEmulator;
  const probe: Runtime['probe'] = async (point, step) => {
    if (point !== 'before-intent' || step !== 'create-key') return;
    for (const key of slot.fields) variables.set(slot.ref, { key, hidden: true });
  };
  const report = await rotate(world.runtime({ probe }), REQUEST, obedientDialog());
  const message = expect.stringContaining('not the one preflight saw');
  expect(report).toMatchObject({ status: 'rolled-back', message });
  expect(await holdings(world)).toEqual(['old', 'old']);
});

describe('a plan from before slots were asked', () => {
  const forgetting = (from: RotationPlan): RotationPlan => ({
    ...from,
    targets: from.targets.map(({ offers: _never, ...target }) => target),
  });

  test('goes by what the store does at best', async () => {
    await open(['dotenv', 'github-actions']);
    const { plan: frozen } = await plan();
    const runtime = world.runtime();
    const host = createPluginHost({ ...runtime, baseDir: frozen.baseDir });
    try {
      const { targets } = await bindPlan(forgetting(frozen), host);
      const offered = Object.fromEntries(targets.map(({ planned, offers }) => [planned.store, offers]));
      expect(offered).toEqual({
        dotenv: { readable: true, cas: true, evidence: 'read-back' },
        'github-actions': { readable: false, cas: false, evidence: 'timestamp' },
      });
    } finally {
      await host.closeAll();
    }
  });

  test('still holds when it was approved; one that was asked holds while the slot offers the same', async () => {
    await open(['dotenv', 'http']);
    const { plan: now } = await plan();
    expect(() => assertPlanHolds(forgetting(now), now)).not.toThrow();
    const proving = now.targets.map(
      ({ offers, ...target }): PlannedTarget =>
        offers === undefined ? target : { ...target, offers: { ...offers, evidence: 'none' } },
    );
    expect(() => assertPlanHolds({ ...now, targets: proving }, now)).toThrow(
      /shows or proves something else/,
    );
  });
});
