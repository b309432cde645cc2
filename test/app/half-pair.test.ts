import { expect, test } from 'vitest';
import { resumeRotation } from '../../src/app/resume.ts';
import type { ConjurEmulator } from '../../src/stores/cyberark-conjur/emulator.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { before, go, open, storeOf, target, world } from './support/open-world.ts';

test('half a pair that cannot be completed now is completed later, where there is no way back', async () => {
  await open({ stores: ['cyberark-conjur'] });
  const conjur = storeOf('cyberark-conjur') as ConjurEmulator;
  const second = conjur.variables.declare(`${target(0).slot.ref}/ACCESS_SECRET`);
  const all = second.privileges;
  const meddle = (): void => {
    void conjur.inject?.({ on: 'write', kind: 'lost-answer' });
    second.privileges = new Set(['read', 'execute']);
  };

  const report = await go(before('push:', meddle), { ...REQUEST, mode: 'contain' });
  expect(report).toMatchObject({ status: 'stopped', error: { code: 'PERMISSION_DENIED' } });
  expect(report.live.targets).toMatchObject({ holdOld: 0, holdNew: 0, unclear: [expect.any(String)] });

  second.privileges = all;
  expect(await resumeRotation(world.runtime(), report.rotationId, obedientDialog())).toMatchObject({
    status: 'done',
  });
  expect(await holdings(world)).toEqual(['new']);
  const [made] = (await world.issuer.keys()).filter(({ id }) => id !== world.oldKey.id);
  const held = (await world.peek(target(0))) ?? {};
  expect(held['ACCESS_ID']).toBe(made?.id);
  expect(held['ACCESS_SECRET']).not.toBe(world.oldKey.credential['secretAccessKey']?.reveal());
});
