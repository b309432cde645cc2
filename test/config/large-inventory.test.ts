import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { sampleInventory } from '../../scripts/bench/sample-inventory.ts';
import { readPlainYaml } from '../../src/config/source/plain-yaml.ts';
import { inventoryFolder, lines } from './support/inventory-folder.ts';

const YAML = sampleInventory(10_000);

const LAST = {
  owner: 'team-39',
  wave: 'canary',
  uses: [
    {
      key: 'postman-ci',
      from: [{ store: 'vault-prod', ref: 'apps/svc-09999', fields: { api_key: 'value' }, wave: undefined }],
    },
  ],
  reload: undefined,
  checks: [
    {
      type: 'http',
      name: '1',
      key: undefined,
      timeoutMs: 15_000,
      options: { url: 'https://svc-09999.example.com/healthz', method: 'GET' },
    },
  ],
};

test('ten thousand services load whole, by the fast reader', async () => {
  expect(readPlainYaml(YAML)).toBeDefined();
  const { services } = await (await inventoryFolder({ 'rotation.config.yaml': YAML })).load();
  expect(Object.keys(services)).toHaveLength(10_000);
  expect(services['svc-09999']).toEqual(LAST);
});

test('they load the same from JSON', async () => {
  const json = JSON.stringify({ services: (load(YAML) as { services: unknown }).services });
  const root = `${YAML.slice(0, YAML.indexOf('services:'))}include: [services.json]\n`;
  const folder = await inventoryFolder({ 'rotation.config.yaml': root, 'services.json': json });
  const { services } = await folder.load();
  expect(Object.keys(services)).toHaveLength(10_000);
  expect(services['svc-09999']).toEqual(LAST);
});

test('one mistake among ten thousand services is found on its line', async () => {
  const place = YAML.indexOf('team-39', YAML.indexOf('svc-09999:'));
  const wrong = `${YAML.slice(0, place)}[]${YAML.slice(place + 7)}`;
  const folder = await inventoryFolder({ 'rotation.config.yaml': wrong });
  const line = wrong.slice(0, place).split('\n').length;
  expect(lines(await folder.problems())).toEqual([
    `rotation.config.yaml:${line}:12 services.svc-09999.owner: must be text, not a list`,
  ]);
});

test('the same mistake ten thousand times is ten thousand problems, of which the message shows the first', async () => {
  const wrong = YAML.replaceAll('wave: canary', 'wave: kanary');
  const folder = await inventoryFolder({ 'rotation.config.yaml': wrong });
  expect(await folder.problems()).toHaveLength(3334);
  await expect(folder.load()).rejects.toThrow(/3334 mistakes\n(.*\n){50}.*and 3284 more$/);
});
