import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { ReloadPlugin } from '../../src/core/plugins/plugin.ts';
import { plugin as command } from '../../src/reloads/command/index.ts';
import { plugin as http } from '../../src/reloads/http/index.ts';
import { openReload } from './open-reload.ts';

/** Reloads as users write them, carried out against the emulator: nothing real is touched. */
const RELOADS: readonly [string, ReloadPlugin, JsonObject][] = [
  ['a request alone', http, { url: 'https://p.example/restart' }],
  ['a request that expects 422', http, { url: 'https://p.example/restart', expect: { status: [422, 200] } }],
  [
    'a request and a wait for a state and a new start',
    http,
    {
      url: 'https://p.example/{{service}}/restart',
      ca: 'file:ca.pem',
      headersFrom: { authorization: { reference: 'env:T', as: 'Bearer {{value}}' } },
      expect: { status: 202, jsonPath: 'queued', equals: true },
      waitFor: {
        url: 'https://other.example/{{service}}?full=1',
        ca: 'file:ca.pem',
        headersFrom: { 'x-token': 'file:t' },
        expect: { jsonPath: 'instances[0].state', equals: 'running' },
        differs: 'instances[0].startedAt',
      },
    },
  ],
  [
    'a wait for health',
    http,
    { url: 'https://p.example/r', waitFor: { url: 'https://p.example/h', expect: { status: '2xx' } } },
  ],
  [
    'a program',
    command,
    { command: ['kubectl', 'rollout'], cwd: 'nowhere', passEnv: ['KUBECONFIG'], envFrom: { T: 'env:T' } },
  ],
];

describe('a rehearsal of a reload', () => {
  it.each(RELOADS)(
    'by %s reloads the emulated service, or fails as it is told',
    async (_what, plugin, options) => {
      const emulator = await (await plugin.emulator())();
      try {
        const adapted = emulator.options(options);
        const references = Object.fromEntries(
          (JSON.stringify(adapted).match(/env:KEYTURN_[A-Z_]+/g) ?? []).map((name) => [
            name,
            emulator.resolve(name) ?? '',
          ]),
        );
        const reload = await openReload(plugin, adapted, { references });
        await reload.run();
        expect(emulator.effects()).toBe(1);
        emulator.failNext();
        await expect(reload.run()).rejects.toThrow();
        expect(emulator.effects()).toBe(1);
      } finally {
        await emulator.stop();
      }
    },
  );
});
