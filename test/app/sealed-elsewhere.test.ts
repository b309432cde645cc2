import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resumeRotation, rollBack } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import { readState } from '../../src/app/rotations.ts';
import { createFileStorage } from '../../src/engine/file-storage/file-storage.ts';
import { virtualClock } from '../../src/lib/virtual-clock.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { oldKeyLives, open, world } from './support/open-world.ts';

const MINUTE = 60_000;
const leave = obedientDialog({ stayUntil: async () => false });

/** The same state folder, for somebody who is not among the recipients. */
function strangersStorage() {
  const identityPath = join(world.stateDir, 'stranger/identity.txt');
  return createFileStorage({
    folder: world.config.stateDir,
    clock: virtualClock(Date.now()),
    sealingKeys: async () => ({ recipients: [], identity: undefined, passphrase: undefined, identityPath }),
  });
}

it('whoever cannot open what is sealed drives nothing: neither forward nor back', async () => {
  await open({ policy: { watch: { forMs: MINUTE, everyMs: MINUTE } } });
  const clock = virtualClock(Date.now());
  const { rotationId, status } = await rotate(world.runtime({ clock }), REQUEST, leave);
  expect(status).toBe('waiting');
  clock.advance(MINUTE);

  const stranger = world.runtime({ clock, storage: strangersStorage() });
  await expect(resumeRotation(stranger, rotationId, leave)).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('does not open it'),
  });

  expect(await oldKeyLives()).toBe(false);
  expect((await readState(stranger.storage, rotationId)).steps.get('watch-1:shop/alive')).toBeUndefined();

  expect(await resumeRotation(world.runtime({ clock }), rotationId, leave)).toMatchObject({ status: 'done' });
  expect(await holdings(world)).toEqual(['new', 'new']);
});

it('in the middle of a wave it is no reason to roll back', async () => {
  await open();
  const killed = new Error('killed');
  const probe = (point: string, step: string): void => {
    if (point === 'before-intent' && step === 'push:hashicorp-vault/secret/apps/ci#ACCESS_ID,ACCESS_SECRET')
      throw killed;
  };
  const ids: string[] = [];
  const dialog = obedientDialog({ onEvent: (_event, { rotationId }) => ids.push(rotationId) });
  await expect(rotate(world.runtime({ probe }), REQUEST, dialog)).rejects.toBe(killed);
  const rotationId = ids[0] ?? '';

  const stranger = world.runtime({ storage: strangersStorage() });
  await expect(resumeRotation(stranger, rotationId, leave)).rejects.toMatchObject({ code: 'REFUSED' });

  expect((await readState(stranger.storage, rotationId)).rollback).toBeUndefined();
  expect(await resumeRotation(world.runtime(), rotationId, leave)).toMatchObject({ status: 'done' });
});

it('a rotation that died at its last line is ended by a resume; a rollback, for which nothing is left, is refused', async () => {
  await open({ policy: { deactivate: 'never' } });
  const { storage } = world.runtime();
  const dies = {
    ...storage,
    destroySealed: async (id: string) => {
      await storage.destroySealed(id);
      throw new Error('killed');
    },
  };
  const ids: string[] = [];
  const dialog = obedientDialog({ onEvent: (_event, { rotationId }) => ids.push(rotationId) });
  await expect(rotate(world.runtime({ storage: dies }), REQUEST, dialog)).rejects.toThrow('killed');
  const rotationId = ids[0] ?? '';

  await expect(rollBack(world.runtime(), rotationId, leave)).rejects.toMatchObject({
    code: 'REFUSED',
    exitCode: 3,
    hint: expect.stringContaining(`keyturn resume ${rotationId}`),
  });

  expect(await resumeRotation(world.runtime(), rotationId, leave)).toMatchObject({ status: 'done' });
  expect(await holdings(world)).toEqual(['new', 'new']);
});
