import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import Rehearse from '../../commands/rehearse.ts';
import Rotate from '../../commands/rotate.ts';
import Rotations from '../../commands/rotations/index.ts';
import RotationsShow from '../../commands/rotations/show.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { openSite, type Site } from '../e2e/support/site.ts';
import { runCommand } from './support/run-command.ts';

let site: Site;
beforeEach(async () => {
  site = await openSite({ bin: '', remove: async () => {} });
  vi.stubEnv('KEYTURN_HOME', join(site.folder, '.keyturn-home'));
  vi.stubEnv('KEYTURN_CONFIG', join(site.folder, 'rotation.config.yaml'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await site.close();
});

const issuedBy = async (issuer: JsonObject): Promise<void> => {
  const config = JSON.parse(await site.read('rotation.config.yaml'));
  config.keys['shop-key'].issuer = issuer;
  await site.writeConfig(config);
};

describe('rehearse', () => {
  test('ends with 0 when all is safe, and touches neither key nor state', async () => {
    const run = await runCommand(Rehearse, 'rehearse', ['shop-key', '--json']);
    expect(run.exitCode).toBe(0);
    expect(run.json()).toMatchObject({
      safe: true,
      liveKeys: null,
      resumes: 0,
      faults: { struck: [], missed: [] },
    });
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    expect(await site.rotations()).toEqual([]);
  });

  test('ends with 5 when it is not', async () => {
    await issuedBy({ type: 'postman' });
    const run = await runCommand(Rehearse, 'rehearse', ['shop-key', '--fault', 'kill@create-key']);
    expect(run.exitCode).toBe(5);
    expect(run.stdout).toContain('Not safe as it stands: 1 key is live at the issuer that nobody uses');
  });

  test('a fault that is none is a mistake of the command line', async () => {
    const run = await runCommand(Rehearse, 'rehearse', ['shop-key', '--fault', 'kill']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('--fault kill is not valid');
  });
});

test('a new key is not taken for an issuer that makes its own, and stdin is not even read', async () => {
  const run = await runCommand(Rotate, 'rotate', ['shop-key', '--new-key-stdin', '--yes', '--no-prompt']);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('issuer generated makes the new key itself');
  expect(await site.rotations()).toEqual([]);
});

test('a config that was broken since does not hide the rotations', async () => {
  const run = await runCommand(Rotate, 'rotate', ['shop-key', '--yes', '--no-prompt', '--json']);
  const { rotationId } = run.json() as { rotationId: string };
  const config = JSON.parse(await site.read('rotation.config.yaml'));
  await site.writeConfig({ ...config, services: { shop: { owner: 7, uses: 'none' } } });
  const listed = await runCommand(Rotations, 'rotations', []);
  expect(listed.stdout).toContain(rotationId);
  expect(listed.stderr).toMatch(/^Warning The config cannot be used: .*:\d+:\d+ .*\(and \d more\)/m);
  const shown = await runCommand(RotationsShow, 'rotations:show', [rotationId]);
  expect(shown.stdout).toContain('at the gate');
  expect(shown.stderr).toContain('Warning The config cannot be used');
});
