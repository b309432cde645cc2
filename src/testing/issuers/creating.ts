import { expect, it } from 'vitest';
import { AwaitSignal } from '../../core/await-signal.ts';
import { type Credential, sameFields } from '../../core/credential.ts';
import { Secret } from '../../core/secret.ts';
import type { IssuerTraits } from './probe.ts';
import { type IssuerRig, openRig } from './rig.ts';

/** What a new key promises. */
export function creatingCases({ plugin, lists }: IssuerTraits, rig: () => IssuerRig): void {
  const { capabilities } = plugin;

  const fate = capabilities.overlap === false ? 'kills the old one at once' : 'leaves the old one alone';
  it(`makes a key that is live, differs from the old one, and ${fate}`, async () => {
    const { issuer, old, created, comesTo } = rig();
    const next = await created();
    expect(next.id).not.toBe(old.id);
    expect(sameFields(next.credential, old.credential)).toBe(false);
    expect(() => issuer.validate(next.credential)).not.toThrow();
    expect(await comesTo('live', next)).toBe(true);
    expect(await comesTo(capabilities.overlap === false ? 'dead' : 'live', old)).toBe(true);
  });

  it('never makes the same key twice', async () => {
    const { issued, created } = rig();
    // Two by ourselves would pass the quota of some.
    const keys = [await created(), ...(capabilities.maxKeys === undefined ? [await created()] : [])];
    if (capabilities.maxKeys === undefined) keys.push(await issued());
    expect(new Set(keys.map((key) => key.id)).size).toBe(keys.length);
  });

  it('gives the parts it has declared', async () => {
    const names = Object.keys((await rig().created()).credential);
    expect(names).not.toEqual([]);
    // Without declared names, the options name them.
    if (capabilities.parts.length > 0) expect(capabilities.parts).toEqual(expect.arrayContaining(names));
  });

  it('stops before any effect when it has been asked to', async () => {
    const { issuer, emulator, label, refusal } = rig();
    const effects = emulator.effects();
    await refusal(issuer.createKey(label(), { signal: AbortSignal.abort() }), 'ABORTED', 'INDETERMINATE');
    expect(emulator.effects()).toBe(effects);
  });

  if (capabilities.identify) {
    it('makes a key that acts as the same principal as the old one', async () => {
      const { issuer, old, created, comesTo, leaks, call } = rig();
      const before = await issuer.identify?.(old.credential, call);
      const next = await created();
      expect(await comesTo('live', next)).toBe(true);
      const after = await issuer.identify?.(next.credential, call);
      expect(after?.id).toBe(before?.id);
      expect(after?.id).not.toBe('');
      expect(after?.display).not.toBe('');
      leaks.expectClean([before, after]);
    });
  }

  if (lists) {
    it('makes a key that is found again, by its label where the issuer keeps labels', async () => {
      const { issuer, label, created, call } = rig();
      const name = label();
      const next = await created(name);
      const records = (await issuer.listKeys?.(call)) ?? [];
      const found = records.find((record) => record.id === next.id);
      expect(found?.status).toBe('active');
      if (records.some((record) => record.label !== undefined)) expect(found?.label).toContain(name);
    });
  }

  if (capabilities.maxKeys !== undefined) quotaCases(capabilities.maxKeys, rig);
  if (capabilities.create === 'assisted') {
    it('waits for a person, and has had no effect, when nobody is there', async () => {
      const alone = await openRig(plugin, { operator: NOBODY_THERE });
      try {
        const effects = alone.emulator.effects();
        await expect(alone.issuer.createKey(alone.label(), alone.call)).rejects.toThrow(AwaitSignal);
        expect(alone.emulator.effects()).toBe(effects);
      } finally {
        await alone.close();
      }
    });
  }

  validateCases(rig);
}

/** As the engine's operator is in a script: it pauses the rotation. */
export const NOBODY_THERE = {
  provideCredential: () => Promise.reject(new AwaitSignal('nobody is there', { instructions: [], next: '' })),
  confirmDone: () => Promise.reject(new AwaitSignal('nobody is there', { instructions: [], next: '' })),
};

function quotaCases(maxKeys: number, rig: () => IssuerRig): void {
  it(`refuses key number ${maxKeys + 1}, and says so before it is asked to make it`, async () => {
    const { issuer, emulator, old, label, issued, refusal, call } = rig();
    while ((await emulator.keys()).length < maxKeys) await issued();
    const findings = await issuer.preflight(old.credential, call);
    expect(findings).toContainEqual(expect.objectContaining({ severity: 'error', code: 'LIMIT_REACHED' }));
    const effects = emulator.effects();
    await refusal(issuer.createKey(label(), call), 'LIMIT_REACHED');
    expect(emulator.effects()).toBe(effects);
  });
}

/** Damage that a paste, a shell or a wrong file does to a value. */
const DAMAGE: Readonly<Record<string, (value: string) => string>> = {
  'nothing but white space': () => '   ',
  'a space in front': (value) => ` ${value}`,
  'a newline behind': (value) => `${value}\n`,
  'two newlines behind': (value) => `${value}\n\n`,
  'a tab inside': (value) => `${value.slice(0, 5)}\t${value.slice(5)}`,
  'another format': () => '?',
};

function validateCases(rig: () => IssuerRig): void {
  it('refuses material without parts', async () => {
    const { issuer, refusal } = rig();
    await refusal(
      // Not what it gives: nobody waits for a promise of it.
      Promise.resolve().then(() => void issuer.validate({})),
      'REFUSED',
    );
  });

  it.each(Object.keys(DAMAGE))('refuses material with %s, whichever part has it', async (what) => {
    const { issuer, old, refusal } = rig();
    for (const [name, secret] of Object.entries(old.credential)) {
      const damaged = DAMAGE[what]?.(secret.reveal()) ?? '';
      const credential: Credential = { ...old.credential, [name]: new Secret(damaged) };
      await refusal(
        Promise.resolve().then(() => void issuer.validate(credential)),
        'REFUSED',
      );
    }
  });
}
