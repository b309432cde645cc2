import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedPackage, packPackage } from '../e2e/support/packed-package.ts';
import { runPacked } from '../e2e/support/run-packed.ts';

const HEAVY =
  /^(axios|@aws-sdk\/.+|@smithy\/.+|inquirer|@inquirer\/.+|zod|yaml|js-yaml|listr2|age-encryption|open)$/;
const PLUGIN_FILE = /^src\/(stores|issuers|checks|reloads|notifiers)\/[^/]+\//;

const CONFIG = `version: 1
stores: { local: { type: dotenv } }
keys:
  webhook:
    issuer: { type: generated, format: hex, bits: 256 }
    targets: [{ store: local, ref: shop.env, field: WEBHOOK_SECRET }]
`;

describe('what a light command loads', () => {
  let built: PackedPackage;

  beforeAll(async () => {
    built = await packPackage();
  }, 120_000);

  afterAll(async () => {
    await built.remove();
  });

  /** Every source in every chunk that was loaded. */
  async function sourcesLoadedBy(argv: readonly string[]): Promise<string[]> {
    const { loads } = await runPacked(built.folder, argv);
    return [...new Set(loads.flatMap(({ chunk }) => built.contents[chunk] ?? []))].sort();
  }

  function packagesOf(sources: readonly string[]): string[] {
    const names = sources.map((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]);
    return [...new Set(names.filter((name) => name !== undefined))];
  }

  test.each([['--version'], ['--help'], ['-h'], []])('nothing at all: keyturn %s', async (...argv) => {
    expect(await sourcesLoadedBy(argv)).toEqual([]);
  });

  test.each([
    ['stores list'],
    ['stores list --json'],
    ['issuers list'],
    ['checks list'],
    ['reloads list'],
    ['stores list --help'],
    ['stores'],
    ['no-such-command'],
    ['stores show no-such-store'],
  ])('no heavy package, and of plug-ins only descriptors: keyturn %s', async (line) => {
    const sources = await sourcesLoadedBy(line.split(' '));
    expect(sources).toContain('src/start/main.ts');
    expect(packagesOf(sources).filter((name) => HEAVY.test(name))).toEqual([]);
    const behindDescriptors = sources.filter((path) =>
      /\/(options|emulat[^/]*|[^/]+-(store|issuer|check|reload))\.ts$/.test(path),
    );
    expect(behindDescriptors.filter((path) => PLUGIN_FILE.test(path))).toEqual([]);
  });

  test('a schema, and nothing else heavy: keyturn stores show dotenv', async () => {
    const sources = await sourcesLoadedBy(['stores', 'show', 'dotenv']);
    expect(packagesOf(sources).filter((name) => HEAVY.test(name))).toEqual(['zod']);
    expect(sources).toContain('src/stores/dotenv/options.ts');
    expect(sources).not.toContain('src/stores/dotenv/dotenv-store.ts');
  });

  describe('keyturn plan, for a key that needs no network', () => {
    let argv: readonly string[];

    beforeAll(async () => {
      const folder = join(built.folder, 'inventory');
      await mkdir(folder);
      await writeFile(join(folder, 'rotation.config.yaml'), CONFIG);
      await writeFile(join(folder, 'shop.env'), 'WEBHOOK_SECRET=of-yesterday\n', { mode: 0o600 });
      argv = ['plan', 'webhook', '--config', join(folder, 'rotation.config.yaml')];
    });

    test('of heavy packages the schemas’ alone', async () => {
      const sources = await sourcesLoadedBy(argv);
      expect(packagesOf(sources).filter((name) => HEAVY.test(name))).toEqual(['zod']);
      expect(sources.filter((path) => path.includes('zod/') && path.includes('/locales/'))).toEqual([
        expect.stringMatching(/en\.js$/),
      ]);
    });

    test('nothing that V8 has to compile: each chunk comes from its code cache', async () => {
      const { loads, exitCode } = await runPacked(built.folder, argv);
      expect(exitCode).toBe(0);
      expect(loads.length).toBeGreaterThan(30);
      expect(loads.filter(({ cache }) => cache !== 'used')).toEqual([]);
    });
  });
});
