import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { issuers } from '../../src/catalog/issuers.gen.ts';
import type { IssuerEmulator } from '../../src/core/plugins/emulator.ts';
import type { IssuedKey, Issuer } from '../../src/core/plugins/issuer.ts';
import type { IssuerPlugin } from '../../src/core/plugins/plugin.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openOnEmulator } from '../../src/testing/open-on-emulator.ts';
import { describeAltered } from './support/altered-plugins.ts';
import type { AlteringProxy } from './support/altering-proxy.ts';
import { faultsOf, type Outcome } from './support/strange-answers.ts';

const CALL = { signal: new AbortController().signal };

interface Rig {
  readonly proxy: AlteringProxy;
  readonly emulator: IssuerEmulator;
  readonly issuer: Issuer;
  readonly old: IssuedKey;
  /** Ids of the keys there were before the call. */
  readonly before: readonly string[];
  close(): Promise<void>;
}

const idsOf = async (emulator: IssuerEmulator): Promise<string[]> =>
  (await emulator.keys()).map(({ id }) => id).sort();

await describeAltered<IssuerEmulator, IssuerPlugin>(issuers, (plugin, start) => {
  const { capabilities } = plugin;
  const open = async (): Promise<Rig> => {
    const { emulator, through } = await start();
    const { operator } = emulator;
    const issuer = await openOnEmulator(plugin, through, {
      clock: systemClock,
      ...(operator === undefined ? {} : { operator }),
    });
    const old = await emulator.issue();
    const close = async (): Promise<void> => {
      await issuer.close?.();
      await through.stop();
    };
    return { proxy: through.proxy, emulator, issuer, old, before: await idsOf(emulator), close };
  };
  const faults = <Result>(
    call: (rig: Rig) => Promise<Result>,
    fault: (outcome: Outcome<Result>, rig: Rig) => Promise<string | undefined> = async () => undefined,
  ) => faultsOf({ open, call, fault });
  const dead = async (outcome: Outcome<unknown>, { emulator, old }: Rig) => {
    const live = await emulator.isLive(old.credential);
    if ('result' in outcome) return live ? 'it says it is dead' : undefined;
    return outcome.error.retryable && !live ? `it is ${outcome.error.code} after an effect` : undefined;
  };

  it('looks for what would stop a rotation', async () => {
    expect(await faults(({ issuer, old }) => issuer.preflight(old.credential, CALL))).toEqual([]);
  });

  it('gives a key that is live, and says that there is none when there is none', async () => {
    const made = async (outcome: Outcome<IssuedKey>, { emulator, before }: Rig) => {
      if ('result' in outcome)
        return (await emulator.isLive(outcome.result.credential)) ? undefined : 'it is not live';
      const now = await idsOf(emulator);
      // What a person has made is asked for again.
      const ours = capabilities.create !== 'assisted' && now.join() !== before.join();
      return outcome.error.retryable && ours ? `it is ${outcome.error.code} after an effect` : undefined;
    };
    const create = async ({ issuer }: Rig) => {
      const key = await issuer.createKey(`keyturn-${randomUUID()}`, CALL);
      issuer.validate(key.credential);
      return key;
    };
    expect(await faults(create, made)).toEqual([]);
  });

  if (capabilities.identify) {
    it('names nobody that it does not know', async () => {
      expect(await faults(async ({ issuer, old }) => issuer.identify?.(old.credential, CALL))).toEqual([]);
    });
  }

  if (capabilities.usage) {
    it('does not say of a key that it was used at no time', async () => {
      expect(await faults(async ({ issuer, old }) => issuer.lastUsed?.({ id: old.id }, CALL))).toEqual([]);
    });
  }

  it('leaves no key out of a list', async () => {
    const list = async ({ issuer }: Rig) => issuer.listKeys?.(CALL);
    const whole = async (outcome: Outcome<Awaited<ReturnType<typeof list>>>, { before }: Rig) => {
      if ('error' in outcome || outcome.result === undefined) return undefined;
      const listed = outcome.result.map(({ id }) => id);
      return before.every((id) => listed.includes(id)) ? undefined : `it lists ${listed.join()}`;
    };
    expect(await faults(list, whole)).toEqual([]);
  });

  if (capabilities.deactivate !== 'none') {
    it('says that a key is dead when it is', async () => {
      const end = async ({ issuer, old }: Rig) =>
        issuer.deactivateKey?.({ id: old.id, material: async () => old.credential }, CALL);
      expect(await faults(end, dead)).toEqual([]);
    });
  }
});
