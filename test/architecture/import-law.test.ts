import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './violations.ts';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Rule {
  readonly name: string;
}

interface Report {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: Rule }[] };
}

const { forbidden } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as {
  forbidden: readonly Rule[];
};

async function cruise(folder: string): Promise<Report> {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const argv = [
    cruiser,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'bin',
    'commands',
    'src',
    'test',
  ];
  const { stdout } = await run(process.execPath, argv, { cwd: folder, maxBuffer: 256 * 1024 * 1024 });
  return JSON.parse(stdout) as Report;
}

describe('the import law', () => {
  let copy: string;
  let report: Report;

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'keyturn-law-'));
    for (const path of [
      'bin',
      'commands',
      'src',
      'package.json',
      'tsconfig.json',
      '.dependency-cruiser.cjs',
    ]) {
      await cp(join(ROOT, path), join(copy, path), { recursive: true });
    }
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const { files } of violations) {
      for (const [path, text] of Object.entries(files)) {
        const target = join(copy, path);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, text);
      }
    }
    report = await cruise(copy);
  }, 120_000);

  afterAll(async () => {
    await rm(copy, { recursive: true });
  });

  test('has a planted violation for every rule', () => {
    expect(new Set(violations.map(({ rule }) => rule))).toEqual(new Set(forbidden.map(({ name }) => name)));
  });

  test.each(violations)('$rule: sees the violation planted in $culprit', ({ rule, culprit }) => {
    const seen = report.summary.violations.filter((violation) => violation.rule.name === rule);
    expect(seen.map(({ from }) => from)).toContain(culprit);
  });
});
