import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ZodType, z } from 'zod';
import type { IssuerTraits } from './issuer-probe.ts';
import type { IssuerRig } from './issuer-rig.ts';

const ISSUERS = join(import.meta.dirname, '../../../src/issuers');

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

  it('takes no option it does not know, describes each that it does, and accepts what its emulator adapts', async () => {
    const schema: ZodType = await plugin.options();
    const options = rig().emulator.options();
    expect(schema.safeParse({ ...options, notAnOption: true }).success).toBe(false);
    expect(schema.safeParse(rig().emulator.options(options)).success).toBe(true);
    expect(undescribed(z.toJSONSchema(schema, { io: 'input' }))).toEqual([]);
  });

  it('shows examples in its notes that its schema accepts', async () => {
    const schema: ZodType = await plugin.options();
    const examples = examplesOf(plugin.id);
    expect(examples).not.toEqual([]);
    for (const { type: _type, timeout: _timeout, ...options } of examples)
      expect(schema.safeParse(options).error).toBeUndefined();
  });
}

/** Every `keys.*.issuer` of this type in the YAML of its docs page. */
function examplesOf(id: string): Record<string, unknown>[] {
  const notes = readFileSync(join(ISSUERS, id, 'notes.md'), 'utf8');
  return [...notes.matchAll(/^```yaml\n(.*?)^```/gms)].flatMap(([, text]) => {
    const { keys } = parse(text ?? '') as { readonly keys?: Record<string, { issuer?: unknown }> };
    return Object.values(keys ?? {}).flatMap(({ issuer }) => {
      const use = (typeof issuer === 'object' ? issuer : { type: issuer }) as Record<string, unknown>;
      return use['type'] === id ? [use] : [];
    });
  });
}

function byId(left: { readonly id: string }, right: { readonly id: string }): number {
  return left.id < right.id ? -1 : 1;
}

/** Names of properties, at any depth, that say nothing to the reader of the docs. */
function undescribed(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, child]) => {
    if (name !== 'properties' || typeof child !== 'object' || child === null) return undescribed(child, path);
    return Object.entries(child as Record<string, { readonly description?: string }>).flatMap(
      ([property, value]) => [
        ...(value.description === undefined ? [`${path}${property}`] : []),
        ...undescribed(value, `${path}${property}.`),
      ],
    );
  });
}
