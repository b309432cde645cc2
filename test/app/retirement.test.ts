import { describe, expect, it } from 'vitest';
import { approveRotation, resumeRotation, rollBack } from '../../src/app/resume.ts';
import { holdings, obedientDialog, REQUEST } from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';
import { go, oldKeyLives, open, target, world } from './support/open-world.ts';

describe('the old key', () => {
  it('lives until somebody approves: exit 6, and `approve` finishes the job', async () => {
    await open({ policy: { deactivate: 'ask' } });

    const report = await go();
    expect(report).toMatchObject({ status: 'at-gate', exitCode: 6 });
    expect(report.next[0]).toBe(`keyturn approve ${report.rotationId}`);
    expect(await oldKeyLives()).toBe(true);
    expect(await holdings(world)).toEqual(['new', 'new']);

    const decision = { by: 'ann', despiteEvidence: false };
    expect(
      await approveRotation(world.runtime(), report.rotationId, decision, obedientDialog()),
    ).toMatchObject({ status: 'done', exitCode: 0 });
    expect(await oldKeyLives()).toBe(false);
  });

  it('stays live when policy says never, and the report says so (nothing is left live in silence)', async () => {
    await open({ policy: { deactivate: 'never' } });

    const report = await go();

    expect(report).toMatchObject({ status: 'done', live: { oldKey: { state: 'live' } } });
    expect(report.message).toContain('the old key was left live');
    expect(await oldKeyLives()).toBe(true);
  });

  it('can be put back while the rotation waits at the gate', async () => {
    await open({ policy: { deactivate: 'ask' } });
    const { rotationId } = await go();

    expect(await rollBack(world.runtime(), rotationId, obedientDialog())).toMatchObject({
      status: 'rolled-back',
      exitCode: 4,
    });

    expect(await holdings(world)).toEqual(['old', 'old']);
    expect(await world.issuer.keys()).toEqual([{ id: world.oldKey.id, active: true }]);
  });

  it('is activated again when a service fails in the watch, and the rotation waits at the gate (exit 5)', async () => {
    await open({ policy: { watch: { forMs: 120_000, everyMs: 60_000 } } });

    const report = await go(failChecks(world, 'watch'));

    expect(report).toMatchObject({ status: 'back-at-gate', exitCode: 5, error: { code: 'CHECK_FAILED' } });
    expect(await oldKeyLives()).toBe(true);
    expect(await holdings(world)).toEqual(['new', 'new']);
    expect(await world.issuer.keys()).toHaveLength(2);
  });
});

describe('contain: the key has leaked', () => {
  const contain = { ...REQUEST, mode: 'contain' as const };

  it('kills the old key before anything else', async () => {
    await open();
    const order: string[] = [];
    const alive: boolean[] = [];

    const report = await go(
      {
        probe: async (point, step) => {
          if (point === 'after-outcome') order.push(step);
          if (point === 'after-intent' && step === 'create-key') alive.push(await oldKeyLives());
        },
      },
      contain,
    );

    expect(report).toMatchObject({ status: 'done', live: { oldKey: { state: 'deactivated' } } });
    expect(order.indexOf('deactivate-key')).toBeLessThan(order.indexOf('create-key'));
    expect(alive).toEqual([false]);
    expect(await holdings(world)).toEqual(['new', 'new']);
  });

  it('never switches it on again, whatever fails afterwards, and refuses to roll back', async () => {
    await open({ policy: { watch: { forMs: 60_000, everyMs: 60_000 } } });

    const report = await go(failChecks(world, 'check'), contain);
    expect(report).toMatchObject({ status: 'stopped', exitCode: 5 });
    expect(await oldKeyLives()).toBe(false);

    await expect(rollBack(world.runtime(), report.rotationId, obedientDialog())).rejects.toMatchObject({
      code: 'REFUSED',
      exitCode: 3,
    });
    expect(await oldKeyLives()).toBe(false);

    expect(await resumeRotation(world.runtime(), report.rotationId, obedientDialog())).toMatchObject({
      status: 'done',
    });
    expect(await oldKeyLives()).toBe(false);
    expect(await holdings(world)).toEqual(['new', 'new']);
  });
});

describe('what is left in the state folder', () => {
  it.each(['done', 'rolled-back'] as const)(
    'of a rotation that is %s: a receipt without plaintext, and nothing that could be unsealed',
    async (outcome) => {
      await open();
      const values = Object.values(world.oldKey.credential).map((secret) => secret.reveal());
      let sealed = '';
      const report = await go({
        ...(outcome === 'done' ? {} : failChecks(world, 'check')),
        probe: async (point, step) => {
          if (point === 'after-outcome' && step.startsWith('push:'))
            values.push(...Object.values((await world.peek(target(0))) ?? {}));
        },
      });
      expect(report.status).toBe(outcome);

      const { storage } = world.runtime();
      const receipt = (await storage.readReceipt(report.rotationId)) ?? '';
      expect(JSON.parse(receipt)).toMatchObject({ outcome, oldKey: { id: world.oldKey.id } });
      let journal = '';
      for await (const entry of storage.entries(report.rotationId)) {
        journal += JSON.stringify(entry);
        if (entry.type === 'step.done' && entry.step === 'capture-old-key')
          sealed = Object.values((entry.output as { parts: Record<string, string> }).parts)[0] ?? '';
      }
      // An access key id is public: it names the key everywhere.
      const secrets = values.filter((value) => value !== world.oldKey.id && !/^AKIA/.test(value));
      expect(secrets.length).toBeGreaterThan(1);
      for (const secret of secrets) expect(receipt + journal).not.toContain(secret);

      expect(sealed).not.toBe('');
      const sealer = await storage.sealer(report.rotationId);
      await expect(sealer.unseal(sealed)).rejects.toMatchObject({ code: 'REFUSED' });
    },
  );
});
