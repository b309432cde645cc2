import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertPlanHolds, readPlanFile, writePlanFile } from '../../src/app/plan/plan-file.ts';
import type { PlanResult } from '../../src/app/plan/rotation-plan.ts';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { REQUEST, startWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let result: PlanResult;
let path: string;
beforeEach(async () => {
  world = await startWorld({ stores: ['dotenv'] });
  result = await planRotation(world.runtime(), REQUEST, { acceptDrift: false, onPreflight: () => {} });
  path = join(world.stateDir, 'plan.json');
  await writePlanFile(path, result);
});
afterEach(() => world.stop());

test('a plan file gives the plan back, is for its owner only, and holds no secret', async () => {
  expect(await readPlanFile(path)).toEqual(result.plan);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const secret = world.oldKey.credential['secretAccessKey']?.reveal() ?? 'no secret';
  expect(await readFile(path, 'utf8')).not.toContain(secret);
});

test('the order of its members does not matter: a formatter may have been over it', async () => {
  const { planFileVersion, digest, plan } = JSON.parse(await readFile(path, 'utf8'));
  const turned = Object.fromEntries(Object.entries(plan).reverse());
  await writeFile(path, JSON.stringify({ plan: turned, digest, planFileVersion }));
  expect(await readPlanFile(path)).toEqual(result.plan);
});

test('a plan that does not name its point of no return holds all the same: it follows from the rest', () => {
  const { pointOfNoReturn, ...before } = result.plan;
  expect(pointOfNoReturn).toBe(result.pointOfNoReturn);
  expect(() => assertPlanHolds(before, result.plan)).not.toThrow();
});

describe('a plan file is not taken for a reviewed one', () => {
  test.each([
    ['a value of the plan was edited', { plan: { concurrency: 99 } }],
    ['another version wrote it', { planFileVersion: 2 }],
    ['its digest was edited', { digest: 'f'.repeat(64) }],
  ])('when %s', async (_how, change: Record<string, unknown>) => {
    const file = JSON.parse(await readFile(path, 'utf8'));
    const plan = { ...file.plan, ...(change['plan'] ?? {}) };
    await writeFile(path, JSON.stringify({ ...file, ...change, plan }));
    await expect(readPlanFile(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 });
  });

  test('when it is cut short, or not there', async () => {
    const whole = await readFile(path, 'utf8');
    await writeFile(path, whole.slice(0, -20));
    await expect(readPlanFile(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(readPlanFile(`${path}.other`)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test.each(['null', '7', '"text"', '[]', '', '{"planFileVersion":1}'])(
    'when it is no plan at all (%j)',
    async (text) => {
      await writeFile(path, text);
      await expect(readPlanFile(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    },
  );

  test('when it is the file of a secret, of which nothing is shown', async () => {
    const secret = randomBytes(8).toString('hex');
    await writeFile(path, secret);
    const error: unknown = await readPlanFile(path).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('--out') });
    for (const said of [String(error), JSON.stringify(error), inspect(error, { depth: 9 })])
      expect(said).not.toContain(secret.slice(0, 6));
  });
});
