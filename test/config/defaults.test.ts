import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inventoryFolder } from './support/inventory-folder.ts';

const LEAST = `version: 1
stores:
  env: { type: files }
keys:
  ci:
    issuer: { type: postman }
services:
  checkout:
    uses: [{ key: ci }]
    reload: { type: command, command: [reload] }
    checks: [{ type: http, url: https://a.example }, { type: http, url: https://b.example }]
`;

test('everything that can be left out has its documented default', async () => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': LEAST });
  expect(await folder.load()).toEqual({
    path: join(folder.path, 'rotation.config.yaml'),
    baseDir: folder.path,
    stateDir: join(folder.path, '.keyturn'),
    sealing: { recipients: [], identity: undefined, passphrase: undefined },
    waves: ['canary', 'staging', 'production'],
    stores: {
      env: { type: 'files', timeoutMs: 15_000, attempts: 4, concurrency: 8, expect: {}, options: {} },
    },
    keys: {
      ci: {
        issuer: { type: 'postman', timeoutMs: 15_000, options: { region: 'us' } },
        current: undefined,
        targets: [],
        policy: {
          deactivate: 'ask',
          soakMs: 0,
          watch: { forMs: 0, everyMs: 60_000 },
          graceMs: 0,
          delete: false,
          maxTargets: 1000,
        },
      },
    },
    services: {
      checkout: {
        owner: undefined,
        wave: 'production',
        uses: [{ key: 'ci', from: [] }],
        reload: { type: 'command', timeoutMs: 600_000, options: { command: ['reload'] } },
        checks: [
          {
            type: 'http',
            name: '1',
            key: undefined,
            timeoutMs: 15_000,
            options: { url: 'https://a.example', method: 'GET' },
          },
          {
            type: 'http',
            name: '2',
            key: undefined,
            timeoutMs: 15_000,
            options: { url: 'https://b.example', method: 'GET' },
          },
        ],
      },
    },
    notifiers: {},
    plugins: [],
  });
});

const MOST = `version: 1
state: ../state
sealing: { recipients: [age1qqqq], identity: file:me.txt, passphrase: env:PASS }
waves: [first, last]
stores:
  v:
    type: vault
    address: https://v.example
    timeout: 500ms
    attempts: 2
    concurrency: 3
    expect: { account: "012" }
keys:
  aws:
    issuer: { type: aws-iam, timeout: 2m }
    current: { accessKeyId: env:OLD_ID, secretAccessKey: "exec:pass show aws" }
    targets: [{ store: v, ref: ci, wave: first, fields: { ID: accessKeyId, SECRET: secretAccessKey } }]
    policy: { deactivate: after-soak, soak: 10m, watch: { for: 2h, every: 5m }, grace: 7d, delete: true, maxTargets: 9 }
services:
  a:
    owner: team-a
    wave: first
    uses: [{ key: aws, from: [{ store: v, ref: a, fields: { id: accessKeyId } }] }]
    checks: [{ type: http, name: me, key: aws, url: https://a.example, timeout: 1s }]
`;

test('what is written is what is read, durations in milliseconds', async () => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': MOST });
  const config = await folder.load();
  expect(config.stateDir).toBe(join(folder.path, '..', 'state'));
  expect(config.sealing).toEqual({
    recipients: ['age1qqqq'],
    identity: 'file:me.txt',
    passphrase: 'env:PASS',
  });
  expect(config.stores['v']).toEqual({
    type: 'vault',
    timeoutMs: 500,
    attempts: 2,
    concurrency: 3,
    expect: { account: '012' },
    options: { address: 'https://v.example', mount: 'secret' },
  });
  expect(config.keys['aws']).toMatchObject({
    issuer: { timeoutMs: 120_000 },
    current: { accessKeyId: 'env:OLD_ID', secretAccessKey: 'exec:pass show aws' },
    targets: [
      { store: 'v', ref: 'ci', wave: 'first', fields: { ID: 'accessKeyId', SECRET: 'secretAccessKey' } },
    ],
    policy: {
      deactivate: 'after-soak',
      soakMs: 600_000,
      watch: { forMs: 7_200_000, everyMs: 300_000 },
      graceMs: 604_800_000,
      delete: true,
      maxTargets: 9,
    },
  });
  expect(config.services['a']).toMatchObject({
    owner: 'team-a',
    wave: 'first',
    checks: [{ name: 'me', key: 'aws', timeoutMs: 1000 }],
  });
});

test('KEYTURN_STATE wins over the file; an empty one does not', async () => {
  const folder = await inventoryFolder({ 'rotation.config.yaml': MOST });
  expect((await folder.load({ KEYTURN_STATE: '/var/lib/keyturn' })).stateDir).toBe('/var/lib/keyturn');
  expect((await folder.load({ KEYTURN_STATE: '' })).stateDir).toBe(join(folder.path, '..', 'state'));
});

test('a target is a field, several fields, or the slot as a whole', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': `version: 1
stores: { s: { type: files } }
keys:
  k:
    issuer: { type: postman }
    targets: [{ store: s, ref: a, field: KEY }, { store: s, ref: b }, { store: s, ref: c, fields: { X: value, Y: value } }]
`,
  });
  const targets = (await folder.load()).keys['k']?.targets ?? [];
  expect(targets.map((target) => target.fields)).toEqual([
    { KEY: 'value' },
    { '': 'value' },
    { X: 'value', Y: 'value' },
  ]);
});

test('a field left empty is a field left out', async () => {
  const folder = await inventoryFolder({
    'rotation.config.yaml': 'version: 1\nstores:\nkeys:\nservices:\nwaves:\n',
  });
  expect((await folder.load()).waves).toEqual(['canary', 'staging', 'production']);
});
