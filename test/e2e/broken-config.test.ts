import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Site } from './support/site.ts';
import { useSites } from './support/use-sites.ts';

const { open } = useSites();
const CONFIG = 'rotation.config.yaml';

/** A rotation at its gate, and its id. */
async function atTheGate(): Promise<{ site: Site; id: string }> {
  const site = await open();
  await site.run(['rotate', 'shop-key', '--yes', '--no-prompt']);
  const [id = ''] = await site.rotations();
  return { site, id };
}

async function withUnknownField(site: Site): Promise<void> {
  const config = JSON.parse(await site.read(CONFIG)) as object;
  await site.writeConfig({ ...config, srevices: {} } as never);
}

describe('a config that cannot be used does not hide what is live', () => {
  test.each([
    ['a mistake in it', withUnknownField, `${CONFIG}:`],
    [
      'no YAML at all',
      (site: Site) => site.write(CONFIG, 'version: 1\n  keys: ['),
      `${CONFIG}:1:10 is not YAML`,
    ],
    ['gone', (site: Site) => rm(join(site.folder, CONFIG)), 'there is no such file'],
  ])('%s', async (_name, spoil, told) => {
    const { site, id } = await atTheGate();
    await spoil(site);

    for (const [argv, expected] of [
      [['rotations'], `${id}  shop-key  at the gate`],
      [['rotations', 'show', id], `keyturn approve ${id}`],
    ] as const) {
      const run = await site.run(argv);
      expect(run.exitCode).toBe(0);
      expect(run.stdout).toContain(expected);
      const warnings = run.stderr.trimEnd().split('\n');
      expect(warnings).toEqual([expect.stringContaining('The config cannot be used: ')]);
      expect(warnings[0]).toContain(told);
      expect(warnings[0]).toContain(`Shown is what lies in ${join(site.folder, '.keyturn')};`);
      const json = (await site.run([...argv, '--json'])).json<{ configProblem: string }>();
      expect(json.configProblem).toContain(told);
    }
    // What drives a rotation still needs it.
    expect((await site.run(['resume', id, '--no-prompt'])).exitCode).toBe(2);
  });
});

describe('the state folder is looked for where the config would have it', () => {
  test('`state`, if that much of it can be read', async () => {
    const { site, id } = await atTheGate();
    await rename(join(site.folder, '.keyturn'), join(site.folder, 'elsewhere'));
    const config = JSON.parse(await site.read(CONFIG)) as object;
    await site.writeConfig({ ...config, state: 'elsewhere', stores: 7 } as never);
    const run = await site.run(['rotations']);
    expect(run.stdout).toContain(id);
    expect(run.stderr).toContain(`Shown is what lies in ${join(site.folder, 'elsewhere')};`);
  });

  test('KEYTURN_STATE, whatever the config says', async () => {
    const { site, id } = await atTheGate();
    await rename(join(site.folder, '.keyturn'), join(site.folder, 'elsewhere'));
    await rm(join(site.folder, CONFIG));
    const env = { KEYTURN_STATE: 'elsewhere' };
    expect((await site.run(['rotations', 'show', id], { env })).stdout).toContain('at the gate');
  });

  test('where there is none, the config is what is told', async () => {
    const site = await open();
    await withUnknownField(site);
    const run = await site.run(['rotations']);
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('unknown field "srevices"');
  });
});

test('a config that is right is not spoken of', async () => {
  const { site, id } = await atTheGate();
  for (const argv of [['rotations'], ['rotations', 'show', id]])
    expect((await site.run(argv)).stderr).toBe('');
});
