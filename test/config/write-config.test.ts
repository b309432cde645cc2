import { expect, test } from 'vitest';
import { type FirstConfigAnswers, renderFirstConfig } from '../../src/config/write-config.ts';
import { inventoryFolder } from './support/inventory-folder.ts';

const ANSWERS: FirstConfigAnswers = {
  schema: './keyturn.schema.json',
  stores: [
    {
      name: 'vault-prod',
      type: 'vault',
      options: { address: 'https://v.example', token: 'env:VAULT_TOKEN' },
    },
    { name: 'env', type: 'files', options: {} },
  ],
  key: 'aws-ci',
  issuer: { type: 'free', options: { region: 'eu' } },
  targets: [
    { store: 'vault-prod', ref: 'apps/ci: main', fields: { id: 'accessKeyId', secret: 'secretAccessKey' } },
    { store: 'env', ref: '007', fields: { '': 'value' } },
  ],
  services: [
    {
      name: 'checkout',
      owner: 'team #1',
      from: [{ store: 'env', ref: 'a.env', fields: { KEY: 'value' } }],
      checks: [{ type: 'http', options: { url: 'https://checkout.example' } }],
    },
  ],
};

test('the first config is read back as it was answered', async () => {
  const text = await renderFirstConfig(ANSWERS);
  const config = await (await inventoryFolder({ 'rotation.config.yaml': text })).load();
  expect(config.stores).toMatchObject({
    'vault-prod': { type: 'vault', options: { address: 'https://v.example', token: 'env:VAULT_TOKEN' } },
    env: { type: 'files' },
  });
  expect(config.keys['aws-ci']).toMatchObject({
    issuer: { type: 'free', options: { region: 'eu' } },
    targets: ANSWERS.targets,
  });
  expect(config.services['checkout']).toMatchObject({
    owner: 'team #1',
    uses: [{ key: 'aws-ci', from: ANSWERS.services[0]?.from }],
    checks: [{ type: 'http', options: { url: 'https://checkout.example' } }],
  });
});

test('a service that was only named is written with no more than that', async () => {
  const services = [{ name: 'bare', from: [], checks: [] }];
  const text = await renderFirstConfig({ ...ANSWERS, services });
  expect(text).toContain('\n  bare:\n    uses:\n      - key: aws-ci\n');
  expect(text).not.toContain('from: []');
  expect(text).not.toContain('checks: []');
  const config = await (await inventoryFolder({ 'rotation.config.yaml': text })).load();
  expect(config.services['bare']).toMatchObject({ uses: [{ key: 'aws-ci', from: [] }], checks: [] });
});

test('a target whose fields were not asked for is the slot as a whole', async () => {
  const targets = [{ store: 'env', ref: 'token.txt', fields: {} }];
  const config = await (
    await inventoryFolder({ 'rotation.config.yaml': await renderFirstConfig({ ...ANSWERS, targets }) })
  ).load();
  expect(config.keys['aws-ci']?.targets).toMatchObject([{ fields: { '': 'value' } }]);
});

test('it tells the editor its schema, and shows the policy it does not set', async () => {
  const text = await renderFirstConfig({ ...ANSWERS, services: [], targets: [] });
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./keyturn.schema.json');
  const shown = text.replace(/^ {4}# (policy:| {2}\w+:)/gm, '    $1');
  const policy = (await (await inventoryFolder({ 'rotation.config.yaml': shown })).load()).keys['aws-ci']
    ?.policy;
  const unset = (await (await inventoryFolder({ 'rotation.config.yaml': text })).load()).keys['aws-ci']
    ?.policy;
  expect(shown).toContain('\n    policy:\n');
  expect(policy).toEqual(unset);
});
