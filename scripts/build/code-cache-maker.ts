/**
 * Runs under each Node: `node code-cache-maker.cjs DIST CONFIG`, with a folder of its own for state and home in the
 * environment. Says on stderr what it made.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { cacheFile, codeCacheFolder, createChunkLoader, digestOf } from '../../src/start/chunk-loader.ts';

const [, , dist = '', config = ''] = process.argv;

/** Commands whose functions are worth having compiled: what is run most, and what everything else goes through. */
const WARM_UP = [
  ['stores', 'list'],
  ['stores', 'list', '--json'],
  ['stores', 'list', '--help'],
  ['stores', 'show', 'dotenv'],
  ['stores', 'show', 'no-such-store'],
  ['stores', '--nonsense'],
  ['plan', 'webhook-signing', '--config', config],
  ['plan', 'webhook-signing', '--config', config, '--json'],
  ['rotations', '--config', config],
];

rmSync(codeCacheFolder(dist), { recursive: true, force: true });

const loader = createChunkLoader(dist);
type Start = typeof import('../../src/start/start.ts').start;
const { start } = createRequire(join(dist, 'x.cjs'))('./start.cjs') as { start: Start };

async function warmUp(): Promise<void> {
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = () => true;
  process.stderr.write = () => true;
  try {
    for (const argv of WARM_UP) await start(argv, dist, () => loader);
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
  }
}

async function writeCaches(): Promise<void> {
  await warmUp();
  process.exitCode = 0;
  let bytes = 0;
  for (const [path, { script, source }] of loader.loaded) {
    const target = cacheFile(dist, path);
    const data = Buffer.concat([digestOf(source), script.createCachedData()]);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, data);
    bytes += data.length;
  }
  console.error(
    `code cache for Node ${process.version}: ${loader.loaded.size} chunks, ${Math.round(bytes / 1024)} KiB`,
  );
}

void writeCaches();
