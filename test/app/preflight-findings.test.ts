import { describe, expect, it } from 'vitest';
import type { RotationMode } from '../../src/app/plan/rotation-plan.ts';
import { planRotation } from '../../src/app/plan-rotation.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { RotationError } from '../../src/core/errors/rotation-error.ts';
import type { Check } from '../../src/core/plugins/check.ts';
import type { Issuer } from '../../src/core/plugins/issuer.ts';
import type { Store } from '../../src/core/plugins/store.ts';
import { REQUEST } from '../support/world.ts';
import { effects, open, target, world } from './support/open-world.ts';

const found = async (over: Partial<Runtime> = {}, mode: RotationMode = 'replace') => {
  const options = { acceptDrift: false, onPreflight: () => {} };
  const { findings } = await planRotation(world.runtime(over), { ...REQUEST, mode }, options);
  expect(effects()).toBe(0);
  return findings;
};

interface Opened {
  readonly store: Store;
  readonly issuer: Issuer;
  readonly check: Check;
}

/** The world with plug-ins of one kind that answer otherwise in part. */
function otherwise<Kind extends keyof Opened>(
  kind: Kind,
  change: (real: Opened[Kind]) => Partial<Opened[Kind]>,
): Partial<Runtime> {
  const section = `${kind}s` as 'stores' | 'issuers' | 'checks';
  const changed = Object.fromEntries(
    Object.entries(world.catalog[section]).map(([type, load]) => [
      type,
      async () => {
        const plugin = await load();
        const openReal = (await plugin.open()) as (...args: unknown[]) => Promise<Opened[Kind]>;
        const opened = async (...args: unknown[]) => {
          const real = await openReal(...args);
          return { ...real, ...change(real) };
        };
        return { ...plugin, open: async () => opened };
      },
    ]),
  );
  return { catalog: { ...world.catalog, [section]: changed } as Runtime['catalog'] };
}

const withoutTargets = (): Partial<Runtime> => {
  const { config } = world;
  const key = config.keys[REQUEST.key];
  if (key === undefined) throw new Error('the world has no key');
  const keys = { [REQUEST.key]: { ...key, targets: [] } };
  return { config: { ...config, keys, services: {} } };
};

describe('before anything is touched, it is told', () => {
  it('that a key lives nowhere', async () => {
    await open();
    expect(await found(withoutTargets())).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'CONFIG_INVALID', message: 'it has no targets' }),
    );
  });

  it('which value is missing where a slot holds only some of its fields, or none', async () => {
    await open();
    const { store, slot } = target(1);
    const [kept, missing] = slot.fields;
    const holding = (fields: readonly (string | undefined)[]) =>
      otherwise('store', (real) => ({
        read: async (at, call) => {
          const stored = await real.read(at, call);
          if (stored === undefined || at.ref !== slot.ref) return stored;
          const left = Object.entries(stored.fields).filter(([field]) => fields.includes(field));
          return { ...stored, fields: Object.fromEntries(left) };
        },
      }));
    expect(await found(holding([kept]))).toContainEqual(
      expect.objectContaining({
        code: 'NOT_FOUND',
        subject: expect.stringContaining(`${store}/${slot.ref}`),
        message: `there is no value at ${missing}`,
      }),
    );
    expect(await found(holding([]))).toContainEqual(
      expect.objectContaining({ message: `there is no value at ${slot.fields.join(', ')}` }),
    );
  });

  it('that an old value cannot be restored, as a warning', async () => {
    await open();
    const none = otherwise('store', (real) => ({
      preflight: async (slot, call) => ({ ...(await real.preflight(slot, call)), restore: 'none' }),
    }));
    expect(await found(none)).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        message: 'its old value cannot be restored by keyturn',
      }),
    );
  });

  it('that a check could not be carried out: it proves nothing of what it finds after the change', async () => {
    await open();
    const unsure = otherwise('check', () => ({
      run: async () => ({ verdict: 'inconclusive', summary: 'no answer', evidence: {} }),
    }));
    expect(await found(unsure)).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        message: 'it does not pass with the current key (baseline): inconclusive: no answer',
      }),
    );
  });

  it('that the old key is dead, which stops a rotation and is welcome in contain mode', async () => {
    await open();
    const dead = otherwise('issuer', () => ({
      preflight: async () => [],
      identify: () => Promise.reject(new RotationError('UNAUTHENTICATED', { subject: 'the issuer' })),
    }));
    const severity = async (mode: RotationMode) =>
      (await found(dead, mode)).find(({ code }) => code === 'UNAUTHENTICATED')?.severity;
    expect(await severity('replace')).toBe('error');
    expect(await severity('contain')).toBe('warning');
  });

  it('nothing of a defect: it ends the command, and is not taken for a finding', async () => {
    await open();
    const broken = otherwise('store', () => ({
      preflight: () => Promise.reject(new TypeError('a defect')),
    }));
    await expect(found(broken)).rejects.toThrow('a defect');
  });
});
