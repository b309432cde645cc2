import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pjson from '../../package.json' with { type: 'json' };
import { installNodeVersions } from '../../scripts/node-versions/install.ts';
import { stores } from '../../src/catalog/stores.gen.ts';
import { cacheFile, createChunkLoader } from '../../src/start/chunk-loader.ts';
import { type PackedPackage, packPackage } from './support/packed-package.ts';
import { runPacked } from './support/run-packed.ts';

const ROOT = join(import.meta.dirname, '../..');
/** oclif's own way: the fast path leaves any run with a setting of oclif alone. */
const SLOW = { OCLIF_COLUMNS: '80' };
const NODES = [{ name: 'this Node', node: process.execPath }, ...installNodeVersions()];

describe('the package', () => {
  let built: PackedPackage;

  beforeAll(async () => {
    built = await packPackage();
  }, 120_000);

  afterAll(async () => {
    await built.remove();
  });

  /** Every file with its size and time of change. */
  async function fingerprint(): Promise<string[]> {
    const entries = await readdir(built.folder, { recursive: true });
    const stats = await Promise.all(entries.map((entry) => stat(join(built.folder, entry))));
    return entries.map((entry, index) => `${entry} ${stats[index]?.size} ${stats[index]?.mtimeMs}`).sort();
  }

  test('holds what runs, and no source, test or development script', () => {
    for (const path of built.files) {
      expect(path).toMatch(
        /^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md|keyturn\.schema\.json|bin\/(run\.js|package\.json)|dist\/.+)$/,
      );
    }
    expect(built.files).toContain('bin/run.js');
    expect(built.files).toContain('dist/oclif.manifest.json');
    expect(built.files).toContain('dist/THIRD-PARTY-NOTICES.txt');
    expect(built.files.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
  });

  test('names its command, which can be executed', async () => {
    expect(pjson.bin).toEqual({ keyturn: './bin/run.js' });
    await access(join(built.folder, 'bin/run.js'), constants.X_OK);
  });

  test('names no folder of the machine it was built on', async () => {
    const scripts = built.files.filter((path) => /\.(cjs|js|json)$/.test(path));
    for (const path of scripts) {
      expect(await readFile(join(built.folder, path), 'utf8'), path).not.toContain(ROOT);
    }
  });

  describe.each(NODES)('on $name, far from any node_modules', ({ node }) => {
    test('tells its version', async () => {
      const { stdout, stderr, exitCode } = await runPacked(built.folder, ['--version'], { node });
      expect(stdout).toMatch(
        new RegExp(
          `^keyturn/${pjson.version} ${process.platform}-${process.arch} node-v\\d+\\.\\d+\\.\\d+\n$`,
        ),
      );
      expect([stderr, exitCode]).toEqual(['', 0]);
    });

    test.each([[['--version']], [['--help']], [['-h']], [[]]])(
      'says without oclif what oclif would say: %j',
      async (argv) => {
        const fast = await runPacked(built.folder, argv, { node });
        const slow = await runPacked(built.folder, argv, { node, env: SLOW });
        expect(fast.loads).toEqual([]);
        expect(slow.loads).not.toEqual([]);
        expect(fast.stdout).toBe(slow.stdout);
        expect([fast.stderr, fast.exitCode]).toEqual([slow.stderr, slow.exitCode]);
      },
    );

    test('lists its stores', async () => {
      const { stdout, stderr, exitCode } = await runPacked(built.folder, ['stores', 'list', '--json'], {
        node,
      });
      const { stores: listed } = JSON.parse(stdout) as { stores: { id: string }[] };
      expect(listed.map(({ id }) => id)).toEqual(Object.keys(stores));
      expect([stderr, exitCode]).toEqual(['', 0]);
    });

    test('has a V8 code cache that fits, for every chunk of a light command', async () => {
      const { loads } = await runPacked(built.folder, ['stores', 'list'], { node });
      expect(loads.length).toBeGreaterThan(3);
      expect(loads.filter(({ cache }) => cache !== 'used')).toEqual([]);
    });

    test('writes nothing into its folder or the home of its user', async () => {
      const before = await fingerprint();
      for (const line of ['--help', 'stores list', 'stores show dotenv', 'no-such-command']) {
        await runPacked(built.folder, line.split(' '), { node });
      }
      expect(await fingerprint()).toEqual(before);
    });
  });

  test('can load every chunk, and a lazily imported package has the names it has in Node', () => {
    const dist = join(built.folder, 'dist');
    const loader = createChunkLoader(dist);
    const all = Object.keys(built.contents).flatMap((chunk) => Object.keys(loader.load(join(dist, chunk))));
    for (const name of ['GetSecretValueCommand', 'parseDocument', 'closest', 'toJSONSchema', 'AxiosError']) {
      expect(all).toContain(name);
    }
  });

  test('suggests the nearest command for one that does not exist, with exit 2', async () => {
    const { stdout, stderr, exitCode } = await runPacked(built.folder, ['sotres', 'list']);
    expect(stderr).toContain('Did you mean `keyturn stores list`?');
    expect([stdout, exitCode]).toEqual(['', 2]);
  });

  /** The first chunk of a run: its script, its cache, and what is printed while both are as built. */
  async function firstChunk(): Promise<{ chunk: string; script: string; cache: string; printed: string }> {
    const { loads, stdout } = await runPacked(built.folder, ['stores', 'list']);
    const chunk = loads[0]?.chunk ?? '';
    const dist = join(built.folder, 'dist');
    const script = join(dist, chunk);
    return { chunk, script, cache: cacheFile(dist, script), printed: stdout };
  }

  test('runs without a word when V8 refuses a code cache', async () => {
    const { chunk, cache, printed } = await firstChunk();
    const bytes = await readFile(cache);
    try {
      await writeFile(cache, Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(bytes.length - 32)]));
      const { loads, stdout, stderr, exitCode } = await runPacked(built.folder, ['stores', 'list']);
      expect(loads[0]).toEqual({ chunk, cache: 'rejected' });
      expect([stdout, stderr, exitCode]).toEqual([printed, '', 0]);
    } finally {
      await writeFile(cache, bytes);
    }
  });

  test('runs the text it finds, never a cache made for another text of the same length', async () => {
    const { chunk, script } = await firstChunk();
    const text = await readFile(script, 'latin1');
    try {
      await writeFile(script, text.replace('KEYTURN_DISABLE_THEME', 'KEYTURN_DISABLE_TREES'), 'latin1');
      const { loads, exitCode } = await runPacked(built.folder, ['stores', 'list']);
      expect(loads[0]).toEqual({ chunk, cache: 'none' });
      expect(exitCode).toBe(0);
    } finally {
      await writeFile(script, text, 'latin1');
    }
  });

  test.each(['stores list', 'stores list --json', 'stores show kubernetes'])(
    'is done without a word when nobody reads what it prints: %s',
    async (line) => {
      const child = spawn(process.execPath, [join(built.folder, 'bin/run.js'), ...line.split(' ')], {
        env: { PATH: process.env['PATH'], HOME: built.folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')]);
      expect([stderr, exitCode]).toEqual(['', 0]);
    },
  );

  test('says what to do when it has not been built', async () => {
    const dist = join(built.folder, 'dist');
    await rename(dist, `${dist}.away`);
    try {
      const { stderr, exitCode } = await runPacked(built.folder, ['--version']);
      expect(stderr).toContain('npm run build');
      expect(exitCode).toBe(1);
    } finally {
      await rename(`${dist}.away`, dist);
    }
  });
});
