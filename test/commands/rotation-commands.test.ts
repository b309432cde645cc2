import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import Approve from '../../commands/approve.ts';
import Doctor from '../../commands/doctor.ts';
import Init from '../../commands/init.ts';
import Plan from '../../commands/plan.ts';
import Rehearse from '../../commands/rehearse.ts';
import Resume from '../../commands/resume.ts';
import Rollback from '../../commands/rollback.ts';
import Rotate from '../../commands/rotate.ts';
import Rotations from '../../commands/rotations/index.ts';
import RotationsShow from '../../commands/rotations/show.ts';
import Schema from '../../commands/schema.ts';
import { openSite, type Site } from '../e2e/support/site.ts';
import { type CommandRun, runCommand } from './support/run-command.ts';

const answers = vi.hoisted((): unknown[] => []);
vi.mock('inquirer', () => ({
  default: { createPromptModule: () => async () => ({ answer: answers.shift() }) },
}));
// What only a real terminal has is asked of one in test/e2e.
vi.mock('../../src/ui/without-echo.ts', () => ({
  discardTyped: async () => {},
  withoutEcho: (_stdin: unknown, work: () => Promise<unknown>) => work(),
}));

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

const rotate = (...argv: string[]): Promise<CommandRun> =>
  runCommand(Rotate, 'rotate', ['shop-key', '--yes', '--no-prompt', ...argv]);

async function toGate(): Promise<string> {
  const run = await rotate('--json');
  expect(run.exitCode).toBe(6);
  return (run.json() as { rotationId: string }).rotationId;
}

describe('one rotation after the other', () => {
  test('to the gate, approved, and shown', async () => {
    const id = await toGate();
    const shown = await runCommand(RotationsShow, 'rotations:show', [id]);
    expect(shown.stdout).toContain('at the gate');
    expect(shown.stdout).toContain('shop: guard done, reload done, check done (owner team-shop)');
    const approved = await runCommand(Approve, 'approve', [id, '--progress', 'plain']);
    expect(approved.exitCode).toBe(0);
    expect(approved.stderr).toContain('Prove the old key dead: done');
    const listed = await runCommand(Rotations, 'rotations', []);
    expect(listed.stdout).toMatch(new RegExp(`${id} +shop-key +done`));
  });

  test('each says the next command with the config it was given', async () => {
    const config = join(site.folder, 'rotation.config.yaml');
    vi.stubEnv('KEYTURN_CONFIG', undefined);
    const paused = await rotate('--json', '--config', config);
    const { rotationId: id, next } = paused.json() as { rotationId: string; next: string[] };
    const said = [`keyturn approve ${id} --config ${config}`, `keyturn rollback ${id} --config ${config}`];
    expect(next).toEqual(said);
    const shown = await runCommand(RotationsShow, 'rotations:show', [id, '--config', config]);
    expect(shown.stdout).toContain(`Next\n  ${said.join('\n  ')}\n`);
    vi.stubEnv('KEYTURN_CONFIG', config);
    const known = await runCommand(RotationsShow, 'rotations:show', [id]);
    expect(known.stdout).toContain(`  keyturn approve ${id}\n`);
  });

  test('taken back, and resumed although it has ended', async () => {
    const id = await toGate();
    const back = await runCommand(Rollback, 'rollback', [id]);
    expect(back.exitCode).toBe(4);
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
    const journal = await site.journal(id);
    const resumed = await runCommand(Resume, 'resume', [id]);
    expect(resumed.exitCode).toBe(4);
    expect(resumed.stdout).toContain('Rolled back: asked for by `keyturn rollback`');
    // A journal that has ended is closed.
    expect(await site.journal(id)).toBe(journal);
  });

  test('resume takes the only open one, and names them when there are none', async () => {
    await toGate();
    expect((await runCommand(Resume, 'resume', [])).exitCode).toBe(6);
    const due = await runCommand(Resume, 'resume', ['--due']);
    expect(due.stdout).toBe('Nothing is due.\n');
    await runCommand(Rollback, 'rollback', [(await site.rotations())[0] ?? '']);
    const none = await runCommand(Resume, 'resume', []);
    expect(none.stderr).toContain('none is open');
    expect(none.exitCode).toBe(3);
  });

  test('an empty folder has none', async () => {
    expect((await runCommand(Rotations, 'rotations', [])).stdout).toBe('No rotation has been begun here.\n');
  });
});

describe('resume --due', () => {
  async function toSoak(): Promise<string> {
    const config = JSON.parse(await site.read('rotation.config.yaml'));
    config.keys['shop-key'].policy = { deactivate: 'after-soak', soak: '1ms' };
    await site.writeConfig(config);
    return toGate();
  }

  test('takes no id beside it, and no word for what a person has done in each', async () => {
    const id = await toSoak();
    const named = await runCommand(Resume, 'resume', [id, '--due']);
    expect(named.exitCode).toBe(2);
    expect(named.stderr).toContain(`${id} is named as well`);
    expect((await runCommand(Resume, 'resume', ['--due', '--confirm-done'])).exitCode).toBe(2);
    const shown = await runCommand(RotationsShow, 'rotations:show', [id]);
    expect(shown.stdout).toContain('waiting (soak)');
  });

  test('finishes what is due', async () => {
    await toSoak();
    const run = await runCommand(Resume, 'resume', ['--due']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('Done: shop-key is rotated');
  });

  test('tells of one that cannot be carried on, and of one whose journal is damaged', async () => {
    const id = await toSoak();
    await mkdir(join(site.folder, '.keyturn/rotations/r20200101-000000-aaaaaa'));
    await site.write('.keyturn/rotations/r20200101-000000-aaaaaa/journal.jsonl', '{"seq":1}\n');
    // Another person, another identity: what was sealed cannot be opened.
    vi.stubEnv('KEYTURN_HOME', join(site.folder, 'somebody-else'));
    const run = await runCommand(Resume, 'resume', ['--due', '--json']);
    expect(run.exitCode).toBe(3);
    expect(run.json()).toEqual({
      rotations: [],
      failed: [
        {
          rotationId: 'r20200101-000000-aaaaaa',
          error: { code: 'REFUSED', message: expect.stringContaining('line 1'), hint: expect.any(String) },
        },
        {
          rotationId: id,
          error: {
            code: 'REFUSED',
            message: expect.stringContaining('age identity'),
            hint: expect.any(String),
          },
        },
      ],
    });
    const text = await runCommand(Resume, 'resume', ['--due']);
    expect(text.stderr).toContain('Warning r20200101-000000-aaaaaa');
    expect(text.stderr).toContain('Error [REFUSED] sealed material was refused');
    expect((await runCommand(Rotations, 'rotations', [])).stderr).toContain(
      'Warning r20200101-000000-aaaaaa',
    );
  });
});

describe('at a terminal', () => {
  const streams = [process.stdin, process.stderr];
  const before = streams.map((stream) => Object.getOwnPropertyDescriptor(stream, 'isTTY'));

  beforeEach(() => {
    for (const stream of streams) Object.defineProperty(stream, 'isTTY', { value: true, configurable: true });
  });
  afterEach(() => {
    for (const [index, stream] of streams.entries())
      Object.defineProperty(stream, 'isTTY', before[index] ?? { value: undefined, configurable: true });
  });

  test('rotate asks before it begins and before it retires the old key', async () => {
    answers.push(true, false);
    const run = await runCommand(Rotate, 'rotate', ['shop-key']);
    expect(answers).toEqual([]);
    expect(run.exitCode).toBe(6);
    expect(run.stderr).toContain('Plan for shop-key');
    expect(run.stderr).toContain('+ 2 targets read back');
  });

  test('a no at the start is the end of it', async () => {
    answers.push(false);
    const run = await runCommand(Rotate, 'rotate', ['shop-key']);
    expect(run.exitCode).toBe(130);
    expect(run.stderr).toContain('Nothing was touched.');
    expect(await site.rotations()).toEqual([]);
  });

  test('init asks for what flags leave open', async () => {
    answers.push('asked-for');
    const config = join(site.folder, 'third.yaml');
    const flags = ['--issuer', 'generated', '--set', 'issuer.format=hex', '--store', 'env=dotenv'];
    const run = await runCommand(Init, 'init', [...flags, '--target', 'env:.env#K', '--config', config]);
    expect(run.stdout).toContain('Next: keyturn plan asked-for');
  });

  test('a person who said --confirm-done beforehand is not asked', async () => {
    answers.push(true, true);
    expect((await runCommand(Rotate, 'rotate', ['shop-key', '--confirm-done'])).exitCode).toBe(0);
  });
});

describe('preflight', () => {
  test('rotate tells all it found, plan too, and neither touches anything', async () => {
    site.service.breakWholly();
    const run = await rotate();
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toContain('x service shop, check ping');
    const plan = await runCommand(Plan, 'plan', ['shop-key', '--out', join(site.folder, 'plan.json')]);
    expect(plan.exitCode).toBe(3);
    expect(plan.stdout).toContain('x service shop, check ping');
    expect(plan.stderr).toContain('Plan written to');
    expect(await site.rotations()).toEqual([]);
  });

  test('a reviewed plan brings its concurrency and its policy', async () => {
    const path = join(site.folder, 'plan.json');
    await runCommand(Plan, 'plan', ['shop-key', '--concurrency', '3', '--deactivate', 'now', '--out', path]);
    const run = await rotate('--plan', path, '--json');
    expect(run.exitCode).toBe(0);
    expect(await site.journal((await site.rotations())[0] ?? '')).toContain('"concurrency":3');
  });

  test('a plan that is written says how to run it as it was made, and nothing where it would be refused', async () => {
    const path = join(site.folder, 'written.plan.json');
    const made = await runCommand(Plan, 'plan', ['shop-key', '--out', path, '--accept-drift']);
    expect(made.stderr).toContain(`Run it with: keyturn rotate shop-key --plan ${path} --accept-drift\n`);
    const contain = ['shop-key', '--out', path, '--mode', 'contain'];
    const refused = await runCommand(Plan, 'plan', contain);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('As things are it would be refused.');
    expect(refused.stderr).not.toContain('Run it with');
  });

  test('containing a key that nobody can switch off is refused in the plan', async () => {
    const plan = await runCommand(Plan, 'plan', ['shop-key', '--mode', 'contain']);
    expect(plan.exitCode).toBe(3);
    expect(plan.stdout.indexOf('First: the leaked key')).toBeLessThan(plan.stdout.indexOf('Wave canary'));
    expect(plan.stdout).toContain('nothing to switch off');
  });
});

describe('what needs no rotation', () => {
  test('doctor', async () => {
    const run = await runCommand(Doctor, 'doctor', []);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('+ store env-files');
  });

  test('doctor ends with 3 when a store is somebody else', async () => {
    const config = JSON.parse(await site.read('rotation.config.yaml'));
    config.stores['env-files'].expect = { host: 'another' };
    await site.writeConfig(config);
    const run = await runCommand(Doctor, 'doctor', []);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('x store env-files');
  });

  test('init from flags', async () => {
    const config = join(site.folder, 'first.yaml');
    const flags = ['--key', 'k', '--issuer', 'generated', '--set', 'issuer.format=hex'];
    const where = ['--store', 'env=dotenv', '--target', 'env:.env#K', '--config', config];
    const run = await runCommand(Init, 'init', [...flags, ...where]);
    expect(run.stdout).toBe(
      `Written: ${config}, and keyturn.schema.json for your editor.\nNext: keyturn plan k --config ${config}\n`,
    );
    const bare = await runCommand(Init, 'init', ['--no-prompt']);
    expect(bare.stderr).toContain('Pass --key.');
  });

  test('init with a service and a check', async () => {
    const config = join(site.folder, 'second.yaml');
    const flags = ['--key', 'k', '--issuer', 'generated', '--set', 'issuer.format=hex', '--config', config];
    const where = ['--store', 'env=dotenv', '--target', 'env:.env', '--service', 's'];
    const check = ['--check-url', 'https://s.example.com'];
    expect((await runCommand(Init, 'init', [...flags, ...where, ...check])).exitCode).toBe(0);
    expect(await site.read('second.yaml')).toContain('https://s.example.com');
  });

  test('schema, printed and written', async () => {
    const printed = await runCommand(Schema, 'schema', []);
    const path = join(site.folder, 'schema.json');
    expect((await runCommand(Schema, 'schema', ['--out', path])).stderr).toBe(`Written to ${path}.\n`);
    expect(await site.read('schema.json')).toBe(printed.stdout);
  });

  test('rehearse, with a fault that strikes and one that does not', async () => {
    const faults = ['--fault', 'kill@push:env-files', '--fault', 'kill@nowhere'];
    const run = await runCommand(Rehearse, 'rehearse', ['shop-key', ...faults]);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain('fault struck: kill@push:env-files');
    expect(run.stdout).toContain('fault never struck: kill@nowhere');
    expect(run.stdout).toContain('killed and resumed');
    expect(await site.holds()).toEqual([site.oldKey, site.oldKey]);
  });
});
