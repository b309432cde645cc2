import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import Plan from '../../commands/plan.ts';
import Rollback from '../../commands/rollback.ts';
import Rotate from '../../commands/rotate.ts';
import { openSite, type Site } from '../e2e/support/site.ts';
import { type CommandRun, runCommand } from './support/run-command.ts';

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

const plan = (): Promise<CommandRun> => runCommand(Plan, 'plan', ['shop-key']);

test('a plan tells of the rotation that is open, for which it would be refused as locked', async () => {
  expect((await plan()).stdout).not.toContain('has begun');
  const paused = await runCommand(Rotate, 'rotate', ['shop-key', '--yes', '--no-prompt', '--json']);
  const { rotationId: id } = paused.json() as { rotationId: string };

  const planned = await plan();
  expect(planned.exitCode).toBe(0);
  expect(planned.stdout).toContain(`! key shop-key: rotation ${id} has begun and not ended`);
  expect(planned.stdout).toContain(`\`keyturn resume ${id}\``);

  await runCommand(Rollback, 'rollback', [id]);
  expect((await plan()).stdout).not.toContain('has begun');
});
