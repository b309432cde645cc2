import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Site } from './support/site.ts';
import { useSites } from './support/use-sites.ts';

const { open } = useSites();

const BEGIN = ['--yes', '--no-prompt', '--json'];
const KEYS = ['soaking', 'due', 'asking', 'broken'];

/** Four keys, each in a file of its own. */
async function openFour(): Promise<Site> {
  const site = await open();
  const key = (name: string, policy: object): object => ({
    issuer: { type: 'generated', format: 'hex' },
    targets: [{ store: 'env-files', ref: `${name}.env`, field: 'KEY' }],
    policy,
  });
  const service = (name: string): object => ({
    uses: [{ key: name, from: [{ store: 'env-files', ref: `${name}.env`, field: 'KEY' }] }],
    checks: [{ name: 'alive', type: 'command', command: ['true'] }],
  });
  for (const [index, name] of KEYS.entries())
    await site.write(`${name}.env`, `KEY=${String(index).repeat(64)}\n`);
  await site.writeConfig({
    version: 1,
    stores: { 'env-files': { type: 'dotenv' } },
    keys: {
      soaking: key('soaking', { deactivate: 'after-soak', soak: '1h' }),
      due: key('due', { deactivate: 'after-soak', soak: '1ms' }),
      asking: key('asking', { deactivate: 'ask' }),
      broken: key('broken', { deactivate: 'after-soak', soak: '1ms' }),
    },
    services: Object.fromEntries(KEYS.map((name) => [name, service(name)])),
  } as never);
  return site;
}

async function begin(site: Site, key: string): Promise<string> {
  return (await site.run(['rotate', key, ...BEGIN])).json<{ rotationId: string }>().rotationId;
}

/** Changes one byte in the middle of a line. */
async function flipByte(site: Site, rotationId: string, line: number): Promise<void> {
  const path = join(site.folder, '.keyturn/rotations', rotationId, 'journal.jsonl');
  const lines = (await readFile(path, 'utf8')).split('\n');
  const text = lines[line - 1] ?? '';
  lines[line - 1] = text.replace('"seq":', '"sEq":');
  await writeFile(path, lines.join('\n'));
}

test('carries on what is due, leaves what waits alone, and a broken one stops nobody: the worst code', async () => {
  const site = await openFour();
  const soaking = await begin(site, 'soaking');
  const asking = await begin(site, 'asking');
  const broken = await begin(site, 'broken');
  const due = await begin(site, 'due');
  await flipByte(site, broken, 2);

  const run = await site.run(['resume', '--due', '--no-prompt', '--json']);
  const answer = run.json<{
    rotations: { rotationId: string; status: string }[];
    failed: { rotationId: string; error: { code: string; message: string } }[];
  }>();
  expect(answer.rotations.map(({ rotationId, status }) => [rotationId, status])).toEqual([[due, 'done']]);
  expect(answer.failed.map(({ rotationId }) => rotationId)).toEqual([broken]);
  expect(answer.failed[0]?.error.message).toContain('line 2 does not match its hash');
  expect(run.exitCode).toBe(3);

  const text = await site.run(['resume', '--due', '--no-prompt']);
  expect(text.stderr).toContain('line 2 does not match its hash');
  expect(text.exitCode).toBe(3);
  const shown = await site.run(['rotations']);
  expect(shown.stdout).toMatch(new RegExp(`${soaking} +soaking +waiting \\(soak\\)`));
  expect(shown.stdout).toMatch(new RegExp(`${asking} +asking +at the gate`));
  expect(shown.stdout).toMatch(new RegExp(`${due} +due +done`));
  expect(shown.stderr).toContain(`${broken}: journal`);
});

test('one that fails now is told, and the others are done; paused outweighs done', async () => {
  const site = await openFour();
  const broken = await begin(site, 'broken');
  const due = await begin(site, 'due');
  // Somebody wrote another value: the evidence fails, and the gate stays shut.
  await site.write('broken.env', `KEY=${'9'.repeat(64)}\n`);
  const run = await site.run(['resume', '--due', '--no-prompt']);
  expect(run.exitCode).toBe(6);
  expect(run.stdout).toContain('Held at the gate: 1 piece of evidence fails');
  expect(run.stdout).toContain('Done: due is rotated');
  expect((await site.run(['rotations', 'show', broken])).stdout).toContain('at the gate');
  expect((await site.run(['rotations', 'show', due])).stdout).toContain('done');
  await site.run(['approve', broken, '--despite-evidence', '--no-prompt']);
});

test('with nothing due it says so and ends with 0', async () => {
  const site = await openFour();
  await begin(site, 'soaking');
  const run = await site.run(['resume', '--due']);
  expect([run.stdout, run.exitCode]).toEqual(['Nothing is due.\n', 0]);
});

test('resume and show refuse a journal in which a byte was changed, with the line, and touch nothing', async () => {
  const site = await openFour();
  const id = await begin(site, 'due');
  const before = await site.read('due.env');
  await flipByte(site, id, 4);
  for (const command of [
    ['resume', id],
    ['rotations', 'show', id],
    ['approve', id],
    ['rollback', id],
  ]) {
    const run = await site.run(command);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('line 4 does not match its hash: the file was changed or damaged');
    expect(run.stderr).toContain('Nothing was run.');
  }
  expect(await site.read('due.env')).toBe(before);
});
