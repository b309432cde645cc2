import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { plugin as command } from '../../src/checks/command/index.ts';
import { plugin as http } from '../../src/checks/http/index.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { CheckPlugin } from '../../src/core/plugins/plugin.ts';
import { openCheck } from './support/open-check.ts';

/** Checks as users write them, carried out against the emulator: no real service, program or secret is needed. */
const CHECKS: readonly [string, CheckPlugin, JsonObject][] = [
  ['a header', http, { url: 'https://api.getpostman.com/me', headers: { 'x-api-key': '{{value}}' } }],
  ['a query', http, { url: 'https://api.example.com/v1?key={{value}}', expect: { status: [200, 204] } }],
  [
    'basic authentication',
    http,
    { url: 'https://a.example', basicAuth: { username: 'svc', password: '{{value}}' } },
  ],
  [
    'a body, a private authority, a secret of its own and expectations',
    http,
    {
      url: 'https://checkout.internal/login',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      headersFrom: {
        'x-tenant': 'env:TENANT',
        authorization: { reference: 'file:t', as: 'Bearer {{value}}' },
      },
      body: '{"key":"{{value | base64}}"}',
      ca: 'file:ca.pem',
      expect: { status: 201, jsonPath: 'data.keys[2]["a.b"]', equals: '{{value}}', bodyContains: 'x' },
    },
  ],
  ['a text to find', http, { url: 'https://a.example/{{value}}', expect: { bodyContains: 'It "works"' } }],
  [
    'something that must be absent',
    http,
    { url: 'https://a.example/{{value}}', expect: { jsonPath: 'error', exists: false } },
  ],
  [
    'a variable',
    command,
    { command: ['./check.sh'], cwd: 'nowhere', env: { API_KEY: 'value' }, failExit: [42] },
  ],
  ['standard input', command, { command: ['./check.sh'], stdin: 'value', passEnv: ['KUBECONFIG'] }],
  ['JSON', command, { command: ['./check.sh'], stdin: 'json', envFrom: { TOKEN: 'file:token' } }],
];

describe('a rehearsal of a check', () => {
  it.each(CHECKS)('with %s tells an accepted key from another', async (_what, plugin, options) => {
    const emulator = await (await plugin.emulator())();
    try {
      const references = Object.fromEntries(
        JSON.stringify(emulator.options(options))
          .match(/env:KEYTURN_[A-Z_]+/g)
          ?.map((reference) => [reference, emulator.resolve(reference) ?? '']) ?? [],
      );
      const check = await openCheck(plugin, emulator.options(options), { references });
      const [good, bad] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
      emulator.accept([good]);
      expect(await check.run({ value: good })).toMatchObject({ verdict: 'pass' });
      expect(await check.run({ value: bad })).toMatchObject({ verdict: 'fail' });
    } finally {
      await emulator.stop();
    }
  });

  it('takes a question that carries no key for one about health', async () => {
    const emulator = await (await http.emulator())();
    const options = { url: 'https://a.example/healthz', expect: { jsonPath: 'status', equals: 'up' } };
    const check = await openCheck(http, emulator.options(options));
    expect((await check.run({ value: randomBytes(16).toString('hex') })).verdict).toBe('pass');
    await emulator.stop();
  });
});
