import { afterEach, describe, expect, test } from 'vitest';
import { buildPhases } from '../../src/app/phases/build-phases.ts';
import { bindPlan } from '../../src/app/plan/bound-plan.ts';
import type { RotationMode } from '../../src/app/plan/rotation-plan.ts';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { createPluginHost } from '../../src/app/plugin-host.ts';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type { Phase } from '../../src/core/phase.ts';
import { plugin as iam } from '../../src/issuers/aws-iam/index.ts';
import { catalog, REQUEST, type Shape, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
afterEach(() => world.stop());

async function phasesOf(mode: RotationMode, shape: Shape = {}): Promise<readonly Phase[]> {
  world = await startWorld(shape);
  const runtime = world.runtime();
  const options = { acceptDrift: false, onPreflight: () => {} };
  const { plan } = await planRotation(runtime, { ...REQUEST, mode }, options);
  const host = createPluginHost({ ...runtime, baseDir: plan.baseDir });
  try {
    return buildPhases(await bindPlan(plan, host), runtime);
  } finally {
    await host.closeAll();
  }
}

const idsOf = (phases: readonly Phase[]): string[] => phases.map(({ id }) => id);
const stepIn = (phases: readonly Phase[], id: string) =>
  phases.flatMap((phase) => (phase.kind === 'steps' ? phase.steps : [])).find((step) => step.id === id);

describe('a replaced key', () => {
  test('is retired last, behind the gate', async () => {
    const phases = await phasesOf('replace', {
      policy: { watch: { forMs: 1000, everyMs: 1000 }, graceMs: 1000 },
    });
    expect(idsOf(phases)).toEqual([
      'capture',
      'create-key',
      'verify-key',
      'guard:canary',
      'push:canary',
      'check:canary',
      'push:production',
      'soak',
      'gate',
      'deactivate-key',
      'prove-dead',
      'watch-wait-1',
      'watch-1',
      'grace',
      'delete-key',
    ]);
    expect(stepIn(phases, 'deactivate-key')?.effect).toBe('reversible');
    expect(stepIn(phases, 'delete-key')?.effect).toBe('irreversible');
  });

  test('has the same phases and steps each time, so that a resume finds its place', async () => {
    const once = await phasesOf('replace');
    await world.stop();
    const again = await phasesOf('replace');
    const stepsOf = (phases: readonly Phase[]) =>
      phases.map((phase) => [phase.id, phase.kind === 'steps' ? phase.steps.map(({ id }) => id) : []]);
    expect(stepsOf(again)).toEqual(stepsOf(once));
  });
});

/** IAM, if it could neither say whose a key is nor switch one on again. */
const blind: PluginCatalog = {
  ...catalog,
  issuers: {
    ...catalog.issuers,
    'aws-iam': async () => {
      const open = await iam.open();
      const opened: typeof open = async (options, ctx) => {
        const { identify: _who, activateKey: _on, ...issuer } = await open(options, ctx);
        return issuer;
      };
      return { ...iam, open: async () => opened };
    },
  },
};

describe('a key that is dead for good, and whose issuer cannot be asked', () => {
  const proofIn = (phases: readonly Phase[]) => phases.find(({ id }) => id === 'prove-dead');

  test('is not gone back to because a store holds it again', async () => {
    expect(proofIn(await phasesOf('replace', { catalog: blind }))).toMatchObject({ onFailure: 'stop' });
  });

  test('where the issuer can be asked, a proof that fails has seen it alive', async () => {
    expect(proofIn(await phasesOf('replace'))).toMatchObject({ onFailure: 'back-to-gate' });
  });
});

describe('a contained leak', () => {
  test('dies first, for good, and nothing that fails after it takes anything back', async () => {
    const phases = await phasesOf('contain');
    const ids = idsOf(phases);
    expect(ids.indexOf('prove-dead')).toBeGreaterThan(ids.indexOf('deactivate-key'));
    expect(ids.indexOf('deactivate-key')).toBeLessThan(ids.indexOf('create-key'));
    expect(ids).not.toContain('guard:canary');

    const off = stepIn(phases, 'deactivate-key');
    expect(off?.effect).toBe('irreversible');
    expect(off?.compensate).toBeUndefined();
    const takenBack = phases.filter((phase) => phase.kind === 'steps' && phase.onFailure === 'rollback');
    expect(idsOf(takenBack)).toEqual(['capture']);
  });
});
