import { afterEach, describe, expect, it } from 'vitest';
import { planRotation } from '../../src/app/plan-rotation.ts';
import { approveRotation, resumeRotation, rollBack } from '../../src/app/resume.ts';
import { rotate } from '../../src/app/rotate.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import type { KeyPolicy } from '../../src/config/rotation-config.ts';
import { Secret } from '../../src/core/secret.ts';
import {
  catalog,
  holdings,
  obedientDialog,
  REQUEST,
  type Shape,
  startWorld,
  type TestWorld,
} from '../support/world.ts';
import { failChecks } from './support/fail-checks.ts';

let world: TestWorld;

afterEach(() => world.stop());

async function open(shape: Shape = {}): Promise<TestWorld> {
  world = await startWorld(shape);
  return world;
}

const go = (over: Partial<Runtime> = {}, request = REQUEST) =>
  rotate(world.runtime(over), request, obedientDialog());

const oldKeyLives = (): Promise<boolean> => world.issuer.isLive(world.oldKey.credential);
const effects = (): number =>
  [world.issuer, ...world.stores.values()].reduce((sum, emulator) => sum + emulator.effects(), 0);
const target = (at: number) => {
  const found = world.targets[at];
  if (found === undefined) throw new Error(`the world has no target ${at}`);
  return found;
};
const storeOf = (name: string) => {
  const found = world.stores.get(name);
  if (found === undefined) throw new Error(`the world has no store ${name}`);
  return found;
};
const garbage = (at: number) =>
  Object.fromEntries(target(at).slot.fields.map((field) => [field, `somebody-elses-${field}`]));

/** Calls `deed` right before a step has its effect, once. */
function before(stepId: string, deed: () => unknown): Pick<Runtime, 'probe'> {
  let done = false;
  return {
    probe: async (point, step) => {
      if (done || point !== 'after-intent' || !step.startsWith(stepId)) return;
      done = true;
      await deed();
    },
  };
}

/** The plug-in id of every kind of store there is: a new one is tested by being there. */
const KINDS = Object.keys(catalog.stores);

describe.each(KINDS)('a rotation over %s', (kind) => {
  it('puts one new key everywhere and leaves no live copy of the old one behind', async () => {
    await open({ stores: [kind] });
    const neighbours = await storeOf(kind).neighbours(target(0).slot);

    expect(await go()).toMatchObject({ status: 'done', exitCode: 0, live: { oldKey: { state: 'deleted' } } });

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
    before(`push:${kind}`, () => storeOf(kind).inject?.({ on: 'write', kind: 'lost-answer' }));

  it.each(KINDS)('to %s is looked up and not guessed', async (kind) => {
    await open({ issuer: { type: 'postman' }, stores: [kind] });

    expect(await go(loseAnswer(kind))).toMatchObject({ status: 'done' });

    expect(await holdings(world)).toEqual(['new']);
    expect(await world.issuer.keys()).toHaveLength(1);
  });

  it('after the first half of a pair is stuck, and a rollback puts the half back before the new key dies', async () => {
    await open({ stores: ['cyberark-conjur'] });
    const report = await go(loseAnswer('cyberark-conjur'));
    expect(report).toMatchObject({ status: 'stuck', exitCode: 5 });
    expect(report.message).toContain('cut in half');
    expect(await world.issuer.keys()).toHaveLength(2);

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
      before('create-key', () => world.issuer.inject?.({ on: 'write', kind: 'lost-answer' })),
    );

    expect(report).toMatchObject({ status: 'done' });
    expect(await world.issuer.keys()).toHaveLength(1);
    expect(await holdings(world)).toEqual(['new', 'new']);
  });
});

describe('preflight refuses, and nothing is touched', () => {
  async function expectRefusal(run: () => Promise<unknown>, found: string): Promise<void> {
    const untouched = effects();
    await expect(run()).rejects.toMatchObject({
      exitCode: 3,
      findings: expect.arrayContaining([
        expect.objectContaining({ severity: 'error', message: expect.stringContaining(found) }),
      ]),
    });
    expect(effects()).toBe(untouched);
    expect(await holdings(world)).toEqual(['old', 'old']);
    expect(await world.runtime().storage.rotationIds()).toEqual([]);
  }

  it('more targets than policy.maxTargets', async () => {
    await open({ policy: { maxTargets: 1 } });
    await expectRefusal(() => go(), 'more than policy.maxTargets (1)');
  });

  it('a service that is broken before the change', async () => {
    await open();
    await expectRefusal(() => go(failChecks(world, 'baseline')), '(baseline)');
  });

  it('a store that is not the expected one (a new credential in the wrong environment)', async () => {
    await open();
    const { config } = world;
    const vault = config.stores['hashicorp-vault'];
    if (vault === undefined) throw new Error('the world has no vault');
    const stores = {
      ...config.stores,
      'hashicorp-vault': { ...vault, expect: { address: 'https://elsewhere' } },
    };

    await expectRefusal(() => go({ config: { ...config, stores } }), 'https://elsewhere');
  });

  it('a target that holds another value than the others', async () => {
    await open();
    const at = world.targets.findIndex((one) => one.store === 'hashicorp-vault');
    await storeOf('hashicorp-vault').overwrite(target(at).slot, garbage(at));
    const untouched = effects();

    await expect(go()).rejects.toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ code: 'DRIFT', severity: 'error' })]),
    });

    expect(effects()).toBe(untouched);
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

describe('a reviewed plan', () => {
  const plan = async () =>
    (await planRotation(world.runtime(), REQUEST, { acceptDrift: false, onPreflight: () => {} })).plan;

  it('is carried out while the world is as it says', async () => {
    await open();

    expect(await go({}, { ...REQUEST, approvedPlan: await plan() })).toMatchObject({ status: 'done' });
  });

  it('is refused with exit code 8 once a target holds another value, or the policy was changed', async () => {
    await open();
    const approvedPlan = await plan();
    const untouched = effects();

    const policy: Partial<KeyPolicy> = { graceMs: 1 };
    await expect(go({}, { ...REQUEST, policy, approvedPlan })).rejects.toMatchObject({
      code: 'DRIFT',
      exitCode: 8,
    });
    expect(effects()).toBe(untouched);

    await world.stores.get(target(0).store)?.overwrite(target(0).slot, garbage(0));
    await expect(go({}, { ...REQUEST, approvedPlan, acceptDrift: true })).rejects.toMatchObject({
      code: 'DRIFT',
      exitCode: 8,
      message: expect.stringContaining('holds another value'),
    });
  });
});

describe('two rotations of one key at once', () => {
  it('the second one is told LOCKED (exit 7) and touches nothing', async () => {
    await open();
    let second: Promise<unknown> = Promise.resolve();

    const first = await go(
      before('push:', async () => {
        second = go().catch((error: unknown) => error);
        await second;
      }),
    );

    expect(first).toMatchObject({ status: 'done' });
    expect(await second).toMatchObject({ code: 'LOCKED', exitCode: 7 });
    expect(await world.issuer.keys()).toHaveLength(1);
  });

  it('also while the first one is only paused', async () => {
    await open({ policy: { deactivate: 'ask' } });
    await go();

    await expect(go()).rejects.toMatchObject({ code: 'LOCKED', exitCode: 7 });
  });
});

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

describe('a person who brings the new key', () => {
  it('and pastes the one in use is refused before any push', async () => {
    await open({ issuer: { type: 'postman' } });
    const value = world.oldKey.credential['value']?.reveal() ?? '';
    const operator = { ...world.operator, provideCredential: async () => ({ value: new Secret(value) }) };
    const written = [...world.stores.values()].map((store) => store.effects());

    const report = await go({ operator });

    expect(report).toMatchObject({ status: 'rolled-back', exitCode: 4 });
    expect(report.message).toContain('it is the same as the old one');
    expect([...world.stores.values()].map((store) => store.effects())).toEqual(written);
    expect(await oldKeyLives()).toBe(true);
    expect(await holdings(world)).toEqual(['old', 'old']);
  });

  it('and pastes a good one rotates', async () => {
    await open({ issuer: { type: 'postman' } });

    expect(await go()).toMatchObject({ status: 'done' });

    expect(await world.issuer.keys()).toHaveLength(1);
    expect(await oldKeyLives()).toBe(false);
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
