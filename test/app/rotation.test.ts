import { describe, expect, it } from 'vitest';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { rollBack } from '../../src/app/resume.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';
import {
  before,
  effects,
  garbage,
  go,
  goApproved,
  KINDS,
  oldKeyLives,
  open,
  storeOf,
  target,
  world,
} from './support/open-world.ts';

describe.each(KINDS)('a rotation over %s', (kind) => {
  it('puts one new key everywhere and leaves no live copy of the old one behind', async () => {
    await open({ stores: [kind] });
    const neighbours = await storeOf(kind).neighbours(target(0).slot);

    expect(await goApproved()).toMatchObject({
      status: 'done',
      exitCode: 0,
      live: { oldKey: { state: 'deleted' } },
    });

    expect(await holdings(world)).toEqual(['new']);
    expect(await world.issuer.keys()).toEqual([{ id: expect.any(String), active: true }]);
    expect(await oldKeyLives()).toBe(false);
    expect(await storeOf(kind).neighbours(target(0).slot)).toBe(neighbours);
  });

  it('is planned without a single effect', async () => {
    await open({ stores: [kind] });
    const untouched = effects();

    const { findings } = await planRotation(world.runtime(), REQUEST, {
      acceptDrift: false,
      onPreflight: () => {},
    });

    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    expect(effects()).toBe(untouched);
    expect(await holdings(world)).toEqual(['old']);
  });

  it('is rolled back when the service does not work with the new key', async () => {
    await open({ stores: [kind] });

    expect(await go(failChecks(world, 'check'))).toMatchObject({ status: 'rolled-back', exitCode: 4 });

    expect(await holdings(world)).toEqual(['old']);
    expect(await world.issuer.keys()).toEqual([{ id: world.oldKey.id, active: true }]);
    expect(await oldKeyLives()).toBe(true);
  });
});

describe('a push whose answer was lost', () => {
  const loseAnswer = (kind: string) =>
    before(`push:${kind}`, () => void storeOf(kind).inject?.({ on: 'write', kind: 'lost-answer' }));

  it.each(KINDS)('to %s is looked up and not guessed', async (kind) => {
    await open({ issuer: { type: 'postman' }, stores: [kind] });

    expect(await goApproved(loseAnswer(kind))).toMatchObject({ status: 'done' });

    expect(await holdings(world)).toEqual(['new']);
    expect(await world.issuer.keys()).toHaveLength(1);
  });

  it('after the first half of a pair is carried on, and the whole pair is taken back all the same', async () => {
    await open({ stores: ['cyberark-conjur'], policy: { deactivate: 'ask' } });
    const report = await go(loseAnswer('cyberark-conjur'));
    expect(report).toMatchObject({ status: 'at-gate' });
    expect(await holdings(world)).toEqual(['new']);
    const [made] = (await world.issuer.keys()).filter(({ id }) => id !== world.oldKey.id);
    expect(Object.values((await world.peek(target(0))) ?? {})).toContain(made?.id);

    expect(await rollBack(world.runtime(), report.rotationId, obedientDialog())).toMatchObject({
      status: 'rolled-back',
    });

    expect(await holdings(world)).toEqual(['old']);
    expect(await oldKeyLives()).toBe(true);
    expect(await world.issuer.keys()).toHaveLength(1);
  });
});

describe('a create whose answer was lost (retried elsewhere: up to three live keys, one known)', () => {
  it('ends with exactly one new key', async () => {
    await open();

    const report = await go(
      before('create-key', () => void world.issuer.inject?.({ on: 'write', kind: 'lost-answer' })),
    );

    expect(report).toMatchObject({ status: 'done' });
    expect(await world.issuer.keys()).toHaveLength(1);
    expect(await holdings(world)).toEqual(['new', 'new']);
  });
});

describe('somebody else writes to a target', () => {
  const vault = (): number => world.targets.findIndex((one) => one.store === 'hashicorp-vault');
  const meddle = async (): Promise<void> =>
    storeOf('hashicorp-vault').overwrite(target(vault()).slot, garbage(vault()));

  it('between preflight and push: it is left alone, and the rest is rolled back', async () => {
    await open();

    const report = await go(before('create-key', meddle));

    expect(report).toMatchObject({ status: 'rolled-back', exitCode: 4 });
    expect(report.message).toContain('not the one preflight saw');
    expect(await world.peek(target(vault()))).toEqual(garbage(vault()));
    expect(await world.issuer.keys()).toEqual([{ id: world.oldKey.id, active: true }]);
  });

  it('between push and rollback: it is left alone, named, and the new key is kept for whoever uses it', async () => {
    await open({ stores: ['hashicorp-vault', 'dotenv'] });

    const report = await go({
      ...failChecks(world, 'check'),
      probe: async (point, step) => {
        if (point === 'after-outcome' && step.startsWith('push:hashicorp-vault')) await meddle();
      },
    });

    expect(report).toMatchObject({ status: 'rollback-incomplete', exitCode: 5 });
    expect(report.instructions.join('\n')).toContain('somebody else wrote to it after the push');
    expect(await world.peek(target(vault()))).toEqual(garbage(vault()));
    expect(await world.issuer.keys()).toHaveLength(2);
    expect(await oldKeyLives()).toBe(true);
  });
});
