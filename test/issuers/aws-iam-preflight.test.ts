import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRig, type Rig } from './aws-iam-rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

it('has nothing to say of a healthy rotation', async () => {
  expect(await rig.issuer.preflight(rig.old.credential, rig)).toEqual([]);
});

it('names both keys of a full user, with status and last use, and how to free a place', async () => {
  const spare = await rig.emulator.issue();
  await rig.issuer.deactivateKey?.(spare, rig);
  const [finding] = await rig.issuer.preflight(rig.old.credential, rig);
  expect(finding).toMatchObject({ severity: 'error', code: 'LIMIT_REACHED' });
  expect(finding?.message).toMatch(
    new RegExp(`${rig.old.id} \\(the one to rotate\\) is active, made [\\d-]+, last used [\\d-]+`),
  );
  expect(finding?.message).toMatch(new RegExp(`${spare.id} is inactive, made [\\d-]+, never used`));
  expect(finding?.hint).toContain(`delete-access-key --user-name svc-checkout --access-key-id ${spare.id}`);
});

it('does not offer to delete an active key before it has been switched off', async () => {
  const spare = await rig.emulator.issue();
  const [finding] = await rig.issuer.preflight(rig.old.credential, rig);
  expect(finding?.hint).toMatch(
    new RegExp(`update-access-key --status Inactive .*${spare.id}.*then .*delete`),
  );
});

it.each(['CreateAccessKey', 'UpdateAccessKey', 'DeleteAccessKey', 'GetAccessKeyLastUsed'])(
  'sees before a key is made that iam:%s is not allowed',
  async (action) => {
    rig.emulator.denied.add(`iam:${action}`);
    expect(await rig.issuer.preflight(rig.old.credential, rig)).toMatchObject([
      { severity: 'error', code: 'PERMISSION_DENIED', message: expect.stringContaining(action) },
    ]);
  },
);

it('warns when permissions cannot be seen in advance', async () => {
  rig.emulator.denied.add('iam:SimulatePrincipalPolicy');
  expect(await rig.issuer.preflight(rig.old.credential, rig)).toMatchObject([
    { severity: 'warning', code: 'PERMISSION_DENIED' },
  ]);
});

it('sees that the current key is of another user than the one named', async () => {
  const issuer = await rig.open({ userName: 'somebody-else' });
  expect(await issuer.preflight(rig.old.credential, rig)).toContainEqual(
    expect.objectContaining({
      severity: 'error',
      code: 'REFUSED',
      message: expect.stringContaining('svc-checkout'),
    }),
  );
});

it('warns of a current key that is dead already', async () => {
  await rig.issuer.deactivateKey?.(rig.old, rig);
  await rig.asked(rig.old, 3);
  expect(await rig.issuer.preflight(rig.old.credential, rig)).toContainEqual(
    expect.objectContaining({ severity: 'warning', code: 'UNAUTHENTICATED' }),
  );
});

it('refuses to rotate a key of the root user', async () => {
  rig.emulator.becomeRoot();
  expect(await rig.issuer.preflight(rig.old.credential, rig)).toContainEqual(
    expect.objectContaining({ severity: 'error', code: 'REFUSED', message: expect.stringContaining('root') }),
  );
});
