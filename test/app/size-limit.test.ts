import { expect, it } from 'vitest';
import type { PluginCatalog } from '../../src/config/plugin-catalog.ts';
import type { RotationConfig } from '../../src/config/rotation-config.ts';
import { holdings } from '../support/world.ts';
import { effects, go, open, world } from './support/open-world.ts';

/** The catalogue as it is, but for one kind of store: its values may have so many bytes. */
function taking(maxBytes: number, kind: string): PluginCatalog {
  const { stores } = world.catalog;
  const load = stores[kind];
  if (load === undefined) throw new Error(`there is no store ${kind}`);
  const small = async () => {
    const plugin = await load();
    return { ...plugin, capabilities: { ...plugin.capabilities, maxBytes } };
  };
  return { ...world.catalog, stores: { ...stores, [kind]: small } };
}

it('a key that is more than one of its stores takes is refused before anything is touched', async () => {
  await open();
  const untouched = effects();
  await expect(go({ catalog: taking(30, 'hashicorp-vault') })).rejects.toMatchObject({
    exitCode: 3,
    findings: [
      expect.objectContaining({
        severity: 'error',
        code: 'LIMIT_REACHED',
        message: 'the `secretAccessKey` of the key has 40 bytes, and this store takes 30 in one value',
      }),
    ],
  });
  expect(effects()).toBe(untouched);
  expect(await holdings(world)).toEqual(['old', 'old']);
});

it('so is one that is more than that only when keyturn has made it', async () => {
  const change = (config: RotationConfig): RotationConfig => {
    const [key] = Object.values(config.keys);
    if (key === undefined) throw new Error('the config has a key');
    const issuer = { ...key.issuer, type: 'generated', options: { format: 'hex', bits: 512 } };
    return { ...config, keys: { 'the-key': { ...key, issuer } } };
  };
  await open({ issuer: { type: 'generated', options: {} }, withService: false });
  const config = change(world.config);
  await expect(
    go({ ...world.runtime(), config, catalog: taking(100, 'hashicorp-vault') }),
  ).rejects.toMatchObject({
    findings: expect.arrayContaining([
      expect.objectContaining({ code: 'LIMIT_REACHED', message: expect.stringContaining('128 bytes') }),
    ]),
  });
  expect(await holdings(world)).toEqual(['old', 'old']);
});

it('a key that is just as much as they take is rotated', async () => {
  await open();
  expect(await go({ catalog: taking(40, 'hashicorp-vault') })).toMatchObject({ status: 'done' });
  expect(await holdings(world)).toEqual(['new', 'new']);
});
