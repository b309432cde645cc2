import { expect, it } from 'vitest';
import { resumeRotation, rollBack } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import { plugin as iam } from '../../src/issuers/aws-iam/index.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { oldKeyLives, open, world } from './support/open-world.ts';

const DAY = 24 * 3_600_000;
const CALL = { signal: new AbortController().signal };
const leave = obedientDialog({ stayUntil: async () => false });

/** The console of IAM: what a colleague clicks there. */
async function withConsole(): Promise<{ over: Pick<Runtime, 'catalog'>; console: () => Issuer }> {
  const opened: Issuer[] = [];
  const openReal = await iam.open();
  const open: typeof openReal = async (options, ctx) => {
    const issuer = await openReal(options, ctx);
    opened.push(issuer);
    return { ...issuer, close: async () => {} };
  };
  const issuers = { 'aws-iam': async () => ({ ...iam, open: async () => open }) };
  return {
    over: { catalog: { ...world.catalog, issuers } },
    console: () => opened.at(-1) ?? expect.unreachable('IAM was never opened'),
  };
}

/** Until the change has reached everybody: an emulator counts in requests. */
async function clicked(change: Promise<void> | undefined, console: Issuer, lives: boolean): Promise<void> {
  await change;
  const { identify } = console;
  for (let inARow = 0; inARow < 10; ) {
    const answer = await identify?.(world.oldKey.credential, CALL).then(
      () => true,
      () => false,
    );
    inARow = answer === lives ? inARow + 1 : 0;
  }
}

it('an old key that somebody switched on again in its grace period is in use: it is not deleted', async () => {
  await open({ policy: { graceMs: DAY } });
  const { over, console } = await withConsole();
  const clock = virtualClock(Date.now());
  const { rotationId, status } = await rotate(world.runtime({ clock, ...over }), REQUEST, leave);
  expect(status).toBe('waiting');
  await clicked(console().activateKey?.({ id: world.oldKey.id }, CALL), console(), true);
  clock.advance(DAY);

  const stopped = await resumeRotation(world.runtime({ clock, ...over }), rotationId, leave);
  expect(stopped).toMatchObject({ status: 'stopped', exitCode: 5, error: { code: 'CHECK_FAILED' } });
  expect(stopped.live.oldKey.state).toBe('live');
  expect(stopped.message).toContain('switched it on again');
  expect(await oldKeyLives()).toBe(true);

  // Either it goes after all, or everything comes back to it.
  await clicked(console().deactivateKey?.({ id: world.oldKey.id }, CALL), console(), false);
  expect(await resumeRotation(world.runtime({ clock }), rotationId, leave)).toMatchObject({ status: 'done' });
  expect(await world.issuer.keys()).toHaveLength(1);
});

it('and whoever needs it everywhere can still go back', async () => {
  await open({ policy: { graceMs: DAY } });
  const { over, console } = await withConsole();
  const clock = virtualClock(Date.now());
  const { rotationId } = await rotate(world.runtime({ clock, ...over }), REQUEST, leave);
  await clicked(console().activateKey?.({ id: world.oldKey.id }, CALL), console(), true);
  clock.advance(DAY);
  await resumeRotation(world.runtime({ clock }), rotationId, leave);

  expect(await rollBack(world.runtime({ clock }), rotationId, leave)).toMatchObject({
    status: 'rolled-back',
  });
  expect(await holdings(world)).toEqual(['old', 'old']);
  expect(await oldKeyLives()).toBe(true);
});
