import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { rotate } from '../../src/app/rotate.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import type { Operator } from '../../src/core/operator.ts';
import { Secret } from '../../src/core/secret.ts';
import { holdings, obedientDialog, REQUEST, startWorld, type TestWorld } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';

let world: TestWorld;
let asked: { readonly key: string; readonly parts: readonly string[] }[];

beforeEach(async () => {
  asked = [];
  // The only place the key is in shows it to nobody.
  world = await startWorld({ stores: ['github-actions'] });
});
afterEach(() => world.stop());

const person = (over: Record<string, Secret> = {}): Operator => ({
  ...world.operator,
  provideCurrentKey: async (key, parts) => {
    asked.push({ key, parts });
    return { ...world.oldKey.credential, ...over };
  },
});

/** No `current` in the config. */
function untold(operator: Operator, over: Partial<Runtime> = {}): Runtime {
  const runtime = world.runtime({ operator, ...over });
  const keys = Object.fromEntries(
    Object.entries(runtime.config.keys).map(([name, key]) => [name, { ...key, current: undefined }]),
  );
  return { ...runtime, config: { ...runtime.config, keys } };
}

describe('a key that no store shows and no config names', () => {
  it('is asked for, and then rotated', async () => {
    const report = await rotate(untold(person()), REQUEST, obedientDialog());
    expect(report).toMatchObject({ status: 'done' });
    expect(asked[0]).toEqual({ key: 'the-key', parts: ['accessKeyId', 'secretAccessKey'] });
    expect(await holdings(world)).toEqual(['new']);
  });

  it('is written back when the rotation is', async () => {
    const runtime = untold(person(), failChecks(world, 'check'));
    expect(await rotate(runtime, REQUEST, obedientDialog())).toMatchObject({ status: 'rolled-back' });
    expect(await holdings(world)).toEqual(['old']);
  });

  it('is refused before anything is touched when it is not the one that is live', async () => {
    const wrong = person({ secretAccessKey: new Secret('not-the-secret-of-that-key'.repeat(2)) });
    const attempt = rotate(untold(wrong), REQUEST, obedientDialog());
    await expect(attempt).rejects.toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'UNAUTHENTICATED', severity: 'error' }),
      ]),
    });
    expect(await holdings(world)).toEqual(['old']);
  });

  it('is a finding, with what to write into the config, where nobody is there to ask', async () => {
    const attempt = rotate(untold(world.operator), REQUEST, obedientDialog());
    await expect(attempt).rejects.toMatchObject({
      findings: [expect.objectContaining({ code: 'NOT_FOUND', hint: expect.stringContaining('`current`') })],
    });
  });

  it('is not asked for by a dry run', async () => {
    const options = { acceptDrift: false, onPreflight: () => {} };
    const { findings } = await planRotation(untold(person()), REQUEST, options);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(asked).toEqual([]);
  });
});
