import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFile, createChunkLoader, digestOf } from '../../src/start/chunk-loader.ts';

/** What the build makes of a module. */
const chunk = (body: string): string =>
  `(function (exports, require, module, __filename, __dirname) {${body}\n})`;

let dist: string;
beforeEach(async () => {
  dist = join(await realpath(await mkdtemp(join(tmpdir(), 'keyturn-chunks-'))), 'dist');
});
afterEach(() => rm(dirname(dist), { recursive: true, force: true }));

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(dist, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

describe('a chunk', () => {
  it('is run once, knows where it is, and may replace its exports', async () => {
    const main = await write(
      'main.cjs',
      chunk('module.exports = { place: [__filename, __dirname], made: {} };'),
    );
    const { load, loaded } = createChunkLoader(dist);
    expect(load(main)).toMatchObject({ place: [main, dist] });
    expect(load(main)).toBe(load(main));
    expect([...loaded.keys()]).toEqual([main]);
  });

  it('asks for others beside it, below it and by their whole path, each loaded by the same loader', async () => {
    const deep = await write('chunks/deep.cjs', chunk(`exports.up = require('../top.cjs').name;`));
    const top = await write('top.cjs', chunk(`exports.name = 'top';`));
    const main = await write(
      'main.cjs',
      chunk(`exports.deep = require('./chunks/deep.cjs'); exports.top = require(${JSON.stringify(top)});`),
    );
    const { load, loaded } = createChunkLoader(dist);
    expect(load(main)).toEqual({ deep: { up: 'top' }, top: { name: 'top' } });
    expect(new Set(loaded.keys())).toEqual(new Set([main, deep, top]));
  });

  it('that asks in a circle gets what there is so far, as everywhere', async () => {
    await write('a.cjs', chunk(`exports.first = 1; exports.b = require('./b.cjs');`));
    await write('b.cjs', chunk(`exports.seen = Object.keys(require('./a.cjs'));`));
    expect(createChunkLoader(dist).load(join(dist, 'a.cjs'))).toEqual({ first: 1, b: { seen: ['first'] } });
  });

  it('leaves what is not of the package to Node', async () => {
    await write('../outside.cjs', `exports.outside = true;`);
    await write('data.json', '{"data":1}');
    const main = await write(
      'main.cjs',
      chunk(`
        exports.sep = require('node:path').sep;
        exports.outside = require('../outside.cjs').outside;
        exports.data = require('./data.json').data;
        exports.resolved = require.resolve('./data.json');`),
    );
    const { load, loaded } = createChunkLoader(dist);
    expect(load(main)).toEqual({ sep: '/', outside: true, data: 1, resolved: join(dist, 'data.json') });
    expect([...loaded.keys()]).toEqual([main]);
  });

  it('can resolve before it has asked for anything', async () => {
    const main = await write('main.cjs', chunk(`exports.resolved = require.resolve('node:fs');`));
    expect(createChunkLoader(dist).load(main)).toEqual({ resolved: 'node:fs' });
  });
});

describe('a code cache', () => {
  const SOURCE = chunk('exports.name = 1;');

  /** Whether V8 took it; undefined when it was not even offered. */
  async function taken(content?: Buffer): Promise<boolean | undefined> {
    const main = await write('main.cjs', SOURCE);
    if (content !== undefined) await write(cacheFile(dist, main).slice(dist.length + 1), content);
    const { load, loaded } = createChunkLoader(dist);
    expect(load(main)).toEqual({ name: 1 });
    const rejected = loaded.get(main)?.script.cachedDataRejected;
    return rejected === undefined ? undefined : !rejected;
  }

  const made = (source: string): Buffer => {
    const script = new Script(source, { filename: 'main.cjs' });
    return Buffer.concat([digestOf(source), script.createCachedData()]);
  };

  it('of this very text is used', async () => {
    expect(await taken(made(SOURCE))).toBe(true);
  });

  it('that is absent, cut off, or of another text of the same length is ignored', async () => {
    expect(await taken()).toBeUndefined();
    expect(await taken(Buffer.alloc(5))).toBeUndefined();
    expect(await taken(made(SOURCE.replace('1', '2')))).toBeUndefined();
  });

  it('that V8 does not want does no harm', async () => {
    expect(await taken(Buffer.concat([digestOf(SOURCE), Buffer.alloc(200)]))).toBe(false);
  });
});
