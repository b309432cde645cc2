import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installNodeVersions } from '../../scripts/node-versions/install.ts';
import {
  type EmulatedPlace,
  gatherPluginTeam,
  type PluginTeam,
  type TeamRun,
} from './support/plugin-team.ts';

const NODES = [{ name: 'this Node', node: process.execPath }, ...installNodeVersions()];

/** The published one is named as a package, the new one by its path. */
const EXAMPLE = 'keyturn-store-consul';
const CREATED = 'keyturn-store-acme';

const place = ({ address }: EmulatedPlace, type: string) => ({ type, address, token: `env:${type}_token` });

describe('a plug-in by somebody else', () => {
  let team: PluginTeam;
  let created: TeamRun;
  let env: Record<string, string>;

  beforeAll(async () => {
    team = await gatherPluginTeam(EXAMPLE);
    created = await team.keyturn(['stores', 'create-plugin', `@acme/${CREATED}`]);
    const [consul, acme] = [`${EXAMPLE}/emulator.js`, `${CREATED}/emulator.js`] as const;
    const emulated = await team.emulate(consul, acme);
    env = { consul_token: emulated[consul].token, acme_token: emulated[acme].token };
    const config = {
      version: 1,
      plugins: [EXAMPLE, `./${CREATED}/index.js`],
      stores: {
        'consul-prod': place(emulated[consul], 'consul'),
        'acme-prod': place(emulated[acme], 'acme'),
      },
      keys: {
        webhook: {
          issuer: { type: 'generated', format: 'hex' },
          targets: ['consul-prod', 'acme-prod'].map((store) => ({ store, ref: 'apps/webhook' })),
        },
      },
    };
    await writeFile(join(team.folder, 'rotation.config.yaml'), JSON.stringify(config, null, 2));
  }, 300_000);

  afterAll(async () => {
    await team.close();
  });

  test('is written by a command', () => {
    expect(created).toMatchObject({ stderr: '', exitCode: 0 });
    expect(created.stdout).toContain(`cd ${CREATED} && npm install && npm test`);
  });

  test.each([
    ['the example', EXAMPLE],
    ['the one that has just been created', CREATED],
  ])('passes its own tests, whole: %s', async (_what, path) => {
    const { total, passed, text } = await team.npmTest(path);
    expect(passed, text).toBe(total);
    expect(total).toBeGreaterThan(40);
  });

  test.each(NODES)('is shown like ours, with its options, on $name', async ({ node }) => {
    for (const [id, slot] of [
      ['consul', 'The key, without `/v1/kv/` before it: `apps/ci/postman`.'],
      ['acme', 'Path of the value below `address`: `apps/ci/api-key`.'],
    ] as const) {
      const argv = ['stores', 'show', id, '--config', 'rotation.config.yaml', '--json'];
      const { stdout, stderr, exitCode } = await team.keyturn(argv, { node });
      expect([stderr, exitCode]).toEqual(['', 0]);
      const { store } = JSON.parse(stdout) as { store: { options: { name: string }[] } };
      expect(store).toMatchObject({ id, slot: { ref: slot } });
      expect(store.options.map(({ name }) => name)).toEqual(expect.arrayContaining(['address', 'token']));
    }
  });

  test('is not there without a config that names it', async () => {
    const { stderr, exitCode } = await team.keyturn(['stores', 'show', 'consul']);
    expect(stderr).toContain('[NOT_FOUND]');
    expect(exitCode).toBe(1);
  });

  test('is asked by plan what would stop it', async () => {
    const good = await team.keyturn(['plan', 'webhook'], { env });
    expect(good.stdout).toContain('push consul-prod/apps/webhook');
    expect(good.stdout).toContain('push acme-prod/apps/webhook');
    expect([good.stderr, good.exitCode]).toEqual(['', 0]);

    const bad = await team.keyturn(['plan', 'webhook'], { env: { ...env, acme_token: 'of somebody else' } });
    expect(bad.stdout + bad.stderr).toContain('acme-prod/apps/webhook did not accept the credential');
    expect(bad.exitCode).toBe(3);
  });

  test.each([
    [[]],
    [['--fault', 'lost-answer@push:consul-prod', '--fault', 'lost-answer@push:acme-prod']],
    [['--fault', 'kill@push:consul-prod', '--fault', '429@push:acme-prod']],
  ])('is rehearsed at its own emulator, safely: %j', async (faults) => {
    const { stdout, exitCode } = await team.keyturn(['rehearse', 'webhook', ...faults]);
    expect(stdout).toContain('Safe:');
    expect(stdout).not.toContain('never struck');
    expect(exitCode).toBe(0);
  });

  test('is pushed to, over the wire', async () => {
    const { stdout, exitCode } = await team.keyturn(['rotate', 'webhook', '--yes', '--no-prompt'], { env });
    expect(stdout).toContain('2 of 2 hold the new key');
    expect(exitCode).toBe(6);
  });
});
