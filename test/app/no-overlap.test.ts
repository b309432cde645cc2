import { describe, expect, it } from 'vitest';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { resumeRotation, rollBack } from '../../src/app/resume.ts';
import { detailsOf } from '../../src/app/rotation-listing.ts';
import { readState } from '../../src/app/rotations.ts';
import { renderPlan } from '../../src/ui/render/render-plan.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';
import {
  effects,
  go,
  goApproved,
  oldKeyLives,
  open,
  before as rightBefore,
  world,
} from './support/open-world.ts';

/** A key whose issuer knows but one: Conjur's. The next one kills it. */
const openIt = () => open({ issuer: { type: 'conjur-api-key' }, stores: ['hashicorp-vault', 'dotenv'] });

describe('a key that the next one kills', () => {
  it('says so in its plan, which touches nothing', async () => {
    await openIt();
    const untouched = effects();
    const options = { acceptDrift: false, onPreflight: () => {} };
    const result = await planRotation(world.runtime(), REQUEST, options);
    expect(result).toMatchObject({ pointOfNoReturn: 'create-key', acts: { overlap: false } });
    const text = renderPlan(result);
    expect(text).toContain('the old one dies at that moment: services fail until they have it');
    expect(text).toContain('There is no overlap');
    expect(text).toMatch(/point of no return: .*create-key/);
    expect(text).not.toContain('left live');
    expect(effects()).toBe(untouched);
  });

  it('is rotated to the end, and proved dead', async () => {
    await openIt();
    expect(await goApproved()).toMatchObject({ status: 'done' });
    expect(await holdings(world)).toEqual(['new', 'new']);
    expect(await oldKeyLives()).toBe(false);
  });

  it('is never put back: what fails behind it stops, and is carried on', async () => {
    await openIt();
    const stopped = await go(failChecks(world, 'check'));
    expect(stopped).toMatchObject({ status: 'stopped', live: { oldKey: { state: 'deleted' } } });
    const shown = detailsOf(await readState(world.runtime().storage, stopped.rotationId));
    expect(shown.next).toEqual([`keyturn resume ${stopped.rotationId}`]);
    expect(await holdings(world)).not.toContain('none');
    expect((await holdings(world))[0]).toBe('new');

    await expect(rollBack(world.runtime(), stopped.rotationId, obedientDialog())).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('past the point of no return: Make the new key'),
    });

    expect(await resumeRotation(world.runtime(), stopped.rotationId, obedientDialog())).toMatchObject({
      status: 'done',
    });
    expect(await holdings(world)).toEqual(['new', 'new']);
  });

  it('is made again when the answer was lost: nobody has it, and the old one is dead either way', async () => {
    await openIt();
    const lose = rightBefore(
      'create-key',
      () => void world.issuer.inject?.({ on: 'write', kind: 'lost-answer' }),
    );
    expect(await goApproved(lose)).toMatchObject({ status: 'done' });
    expect(await holdings(world)).toEqual(['new', 'new']);
    expect(world.issuer.effects()).toBe(2);
  });

  it('stays as it is when it certainly was not replaced', async () => {
    await openIt();
    const refuse = rightBefore(
      'create-key',
      () => void world.issuer.inject?.({ on: 'write', kind: 'status', status: 403, times: 9 }),
    );
    expect(await go(refuse)).toMatchObject({ status: 'rolled-back' });
    expect(await holdings(world)).toEqual(['old', 'old']);
    expect(await oldKeyLives()).toBe(true);
  });
});
