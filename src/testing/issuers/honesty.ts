import { expect, it } from 'vitest';
import type { IssuerTraits } from './probe.ts';
import type { IssuerRig } from './rig.ts';

/** What the descriptor says is what the issuer does; looking changes nothing. */
export function honestyCases({ plugin, lists }: IssuerTraits, rig: () => IssuerRig): void {
  const { capabilities } = plugin;

  it('has each optional method exactly when it declares the capability', () => {
    const { issuer } = rig();
    expect({
      deactivate: issuer.deactivateKey !== undefined,
      reversible: issuer.activateKey !== undefined,
      delete: issuer.deleteKey !== undefined,
      identify: issuer.identify !== undefined,
      usage: issuer.lastUsed !== undefined,
    }).toEqual({
      deactivate: capabilities.deactivate !== 'none',
      reversible: capabilities.reversible,
      delete: capabilities.delete,
      identify: capabilities.identify,
      usage: capabilities.usage,
    });
  });

  it('promises an overlap exactly when its descriptor does: options may take it away, and never give it', () => {
    expect(rig().issuer.overlap).toBe(capabilities.overlap);
  });

  it('waits for its changes to spread with at least one answer and an end', () => {
    const { confirmations, intervalMs, deadlineMs } = rig().issuer.propagation;
    expect(confirmations).toBeGreaterThanOrEqual(1);
    expect(intervalMs).toBeGreaterThanOrEqual(0);
    expect(deadlineMs).toBeGreaterThanOrEqual(confirmations * intervalMs);
  });

  it('looks without touching: preflight and every question have no effect', async () => {
    const { issuer, emulator, old, call } = rig();
    const [effects, keys] = [emulator.effects(), await emulator.keys()];
    await issuer.preflight(old.credential, call);
    await issuer.listKeys?.(call);
    await issuer.identify?.(old.credential, call);
    await issuer.lastUsed?.({ id: old.id }, call);
    expect(emulator.effects()).toBe(effects);
    expect(await emulator.keys()).toEqual(keys);
  });

  it('finds nothing to stop a healthy rotation, and shows no plaintext', async () => {
    const { issuer, old, call, leaks } = rig();
    const findings = await issuer.preflight(old.credential, call);
    expect(findings.filter((finding) => finding.severity === 'error')).toEqual([]);
    leaks.expectClean(findings);
  });

  it('reads the id of a key from its material, or says that it cannot', async () => {
    const { issuer, old, created } = rig();
    const next = await created();
    const told = [issuer.keyIdOf(old.credential), issuer.keyIdOf(next.credential)];
    expect([
      [old.id, next.id],
      [undefined, undefined],
    ]).toContainEqual(told);
  });

  if (capabilities.usage) {
    it('tells when a key was last used, or that it never was', async () => {
      const { issuer, old, call, leaks } = rig();
      const usage = await issuer.lastUsed?.({ id: old.id }, call);
      leaks.expectClean(usage);
      if (usage?.lastUsedAt !== undefined) expect(Date.parse(usage.lastUsedAt)).not.toBeNaN();
    });
  }

  if (lists) {
    it('lists every key, to the last page, with its true status', async () => {
      const { issuer, emulator, issued, leaks, call } = rig();
      const many = capabilities.maxKeys ?? 25;
      while ((await emulator.keys()).length < many) await issued();
      const listed = (await issuer.listKeys?.(call)) ?? [];
      leaks.expectClean(listed);
      expect(listed.map(({ id, status }) => ({ id, active: status === 'active' })).sort(byId)).toEqual(
        (await emulator.keys()).map(({ id, active }) => ({ id, active })).sort(byId),
      );
    });
  }
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}
