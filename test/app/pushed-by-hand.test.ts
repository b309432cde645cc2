import { expect, it } from 'vitest';
import { resumeRotation } from '../../src/app/resume.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { before, go, open, storeOf, target, world } from './support/open-world.ts';

const VAULT = 'hashicorp-vault';

it('a person who has written the new key into a slot that refused it has helped, and not drifted', async () => {
  await open({ stores: [VAULT], issuer: { type: 'postman' } });
  const refuse = before(
    'push:',
    () => void storeOf(VAULT).inject?.({ on: 'write', kind: 'status', status: 403 }),
  );
  const made: string[] = [];
  const { operator } = world;
  const noting = {
    ...operator,
    provideCredential: async (...args: Parameters<typeof operator.provideCredential>) => {
      const key = await operator.provideCredential(...args);
      made.push(key['value']?.reveal().trim() ?? '');
      return key;
    },
  };
  const report = await go({ ...refuse, operator: noting }, { ...REQUEST, mode: 'contain' });
  expect(report).toMatchObject({ status: 'stopped', error: { code: 'PERMISSION_DENIED' } });
  const { slot } = target(0);
  await storeOf(VAULT).overwrite(
    slot,
    Object.fromEntries(slot.fields.map((field) => [field, made[0] ?? ''])),
  );

  const resumed = await resumeRotation(world.runtime(), report.rotationId, obedientDialog());
  expect(resumed).toMatchObject({ status: 'done', error: null });
  expect(await holdings(world)).toEqual(['new']);
});
