import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callerAtMoto } from './moto-authentication.ts';
import { type ServerRotation, STORES, type StoreName, startServerRotation } from './server-rotation.ts';
import { makeMount, type VaultMount } from './vault-mount.ts';
import { withScratchVault, withServer } from './with-server.ts';

/**
 * One key of moto's IAM over a Secrets Manager (moto), a key-value engine (OpenBao) and an env file. Each run is a
 * process of its own, killed for real; what came of it is asked of the servers themselves.
 */
withServer('moto', ({ url: moto }) =>
  withScratchVault((vault) => {
    let mount: VaultMount;
    beforeAll(async () => {
      mount = await makeMount(vault, 2);
    });
    afterAll(() => mount.remove());

    let rotation: ServerRotation;
    afterEach(() => rotation.stop());

    /** Every store holds one new pair, IAM that key alone, and it signs: the old one is nobody's. */
    async function expectRotated(): Promise<void> {
      const pair = await rotation.held('dotenv');
      for (const store of STORES) expect(await rotation.held(store), store).toEqual(pair);
      expect(await rotation.keys()).toEqual([{ id: pair.accessKeyId, active: true }]);
      expect(pair).not.toEqual(rotation.oldPair);
      expect(await callerAtMoto(moto, pair)).toMatch(/:user\/svc-/);
      expect(await callerAtMoto(moto, rotation.oldPair)).toBe('InvalidClientTokenId');
    }

    async function expectAsBefore(): Promise<void> {
      const { oldPair } = rotation;
      for (const store of STORES) expect(await rotation.held(store), store).toEqual(oldPair);
      expect(await rotation.keys()).toEqual([{ id: oldPair.accessKeyId, active: true }]);
      expect(await callerAtMoto(moto, oldPair)).toMatch(/:user\/svc-/);
    }

    async function killedAfter(step: string): Promise<void> {
      const killed = await rotation.run('rotate', { step, point: 'after-effect' });
      expect(killed, killed.stderr).toMatchObject({ signal: 'SIGKILL', report: undefined });
    }

    async function expectResumed(): Promise<void> {
      const resumed = await rotation.run('resume');
      expect(resumed.report?.status, resumed.stderr).toBe('done');
      await expectRotated();
    }

    describe('killed after an effect, and resumed by another process', () => {
      test.for<StoreName>(['hashicorp-vault', 'aws-secrets-manager'])('the push to %s', async (store) => {
        rotation = await startServerRotation({ moto, mount, manners: { refusesDeadKeys: true } });
        await killedAfter(rotation.pushStep(store));
        const pushed = await rotation.held(store);
        expect(pushed).not.toEqual(rotation.oldPair);
        await expectResumed();
        expect(await rotation.held(store)).toEqual(pushed);
      });

      test('the creation of the key: the one whose secret was lost is removed', async () => {
        rotation = await startServerRotation({ moto, mount, manners: { refusesDeadKeys: true } });
        await killedAfter('create-key');
        const [, orphan] = await rotation.keys();
        expect(orphan).toMatchObject({ active: true });
        await expectResumed();
        expect(await rotation.keys()).not.toContainEqual(orphan);
      });

      test('the deactivation of the old key', async () => {
        rotation = await startServerRotation({ moto, mount, manners: { refusesDeadKeys: true } });
        await killedAfter('deactivate-key');
        expect(await rotation.keys()).toContainEqual({ id: rotation.oldPair.accessKeyId, active: false });
        await expectResumed();
      });
    });

    describe('rolled back at the gate', () => {
      const policy = { deactivate: 'ask' } as const;

      async function stopAtGate(): Promise<void> {
        rotation = await startServerRotation({ moto, mount, policy, manners: {} });
        const paused = await rotation.run('rotate');
        expect(paused.report?.status, paused.stderr).toBe('at-gate');
        expect(await rotation.keys()).toHaveLength(2);
        for (const store of STORES) expect(await rotation.held(store)).not.toEqual(rotation.oldPair);
      }

      test('by another process: the old key is everywhere again, the new one is gone', async () => {
        await stopAtGate();
        const back = await rotation.run('rollback');
        expect(back.report?.status, back.stderr).toBe('rolled-back');
        await expectAsBefore();
      });

      test.for<StoreName>(['hashicorp-vault', 'aws-secrets-manager'])(
        'by a process that was killed after it had restored %s, and by another one',
        async (store) => {
          await stopAtGate();
          const step = `undo:${rotation.pushStep(store)}`;
          const killed = await rotation.run('rollback', { step, point: 'after-effect' });
          expect(killed.signal, killed.stderr).toBe('SIGKILL');
          expect(await rotation.held(store)).toEqual(rotation.oldPair);
          const again = await rotation.run('rollback');
          expect(again.report?.status, again.stderr).toBe('rolled-back');
          await expectAsBefore();
        },
      );
    });

    test('an issuer that goes on accepting the old key sends the rotation back to its gate, both keys live', async () => {
      // moto as it is: whether a key is active is nothing to its STS.
      rotation = await startServerRotation({ moto, mount, manners: {} });
      const ran = await rotation.run('rotate');
      expect(ran.report?.status, ran.stderr).toBe('back-at-gate');
      const pair = await rotation.held('dotenv');
      for (const store of STORES) expect(await rotation.held(store), store).toEqual(pair);
      expect(await rotation.keys()).toEqual([
        { id: rotation.oldPair.accessKeyId, active: true },
        { id: pair.accessKeyId, active: true },
      ]);
    });
  }),
);
