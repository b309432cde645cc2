import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { Script } from 'node:vm';

/** A chunk is a script that evaluates to a CommonJS wrapper function. */
type Wrapper = (
  exports: object,
  require: ChunkRequire,
  module: { exports: object },
  filename: string,
  folder: string,
) => void;

interface ChunkRequire {
  (specifier: string): unknown;
  resolve(specifier: string): string;
}

export interface LoadedChunk {
  readonly script: Script;
  readonly source: string;
}

export interface ChunkLoader {
  load(path: string): object;
  /** By absolute path; read by the build to make code caches, and by tests to see what was loaded. */
  readonly loaded: ReadonlyMap<string, LoadedChunk>;
}

/** Bytes of SHA-256 in front of V8's data. */
const DIGEST_BYTES = 32;

/** One folder for each V8 build: its own check covers version and flags, but not patches Node has put on it. */
export function codeCacheFolder(dist: string): string {
  return join(dist, 'code-cache', `${process.versions.v8}-${process.arch}`);
}

/** Where the cache of a chunk is, or would be. */
export function cacheFile(dist: string, chunk: string): string {
  return join(codeCacheFolder(dist), `${chunk.slice(dist.length + 1)}.v8`);
}

/**
 * Loads the chunks of the package, with the V8 code cache that the build has put beside them. A cache that is
 * absent, was made for another V8, other flags or other source text is ignored. Nothing is ever written.
 */
export function createChunkLoader(dist: string): ChunkLoader {
  const modules = new Map<string, { exports: object }>();
  const loaded = new Map<string, LoadedChunk>();
  const inside = (path: string): boolean => path.startsWith(dist + sep);

  const load = (path: string): object => {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    // Chunks are ASCII: a one-byte string is read faster than UTF-8.
    const source = readFileSync(path, 'latin1');
    const cachedData = readCache(cacheFile(dist, path), source);
    const script = new Script(source, {
      filename: path,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    loaded.set(path, { script, source });
    const wrapper = script.runInThisContext() as Wrapper;
    wrapper.call(module.exports, module.exports, requireFrom(path), module, path, dirname(path));
    return module.exports;
  };

  const requireFrom = (path: string): ChunkRequire => {
    const folder = dirname(path);
    let real: NodeJS.Require | undefined;
    const absolute = (specifier: string): string | undefined => {
      const target = specifier.startsWith('.') ? join(folder, specifier) : resolve(specifier);
      return (specifier.startsWith('.') || specifier === target) && inside(target) ? target : undefined;
    };
    const require = (specifier: string): unknown => {
      const target = absolute(specifier);
      if (target?.endsWith('.cjs')) return load(target);
      real ??= createRequire(path);
      return real(specifier);
    };
    const resolveFrom = (specifier: string): string => {
      real ??= createRequire(path);
      return real.resolve(specifier);
    };
    return Object.assign(require, { resolve: resolveFrom });
  };

  return { load, loaded };
}

/** V8 compares the length of the source alone; the digest makes sure that it is this very text. */
function readCache(path: string, source: string): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const digest = digestOf(source);
  return bytes.subarray(0, DIGEST_BYTES).equals(digest) ? bytes.subarray(DIGEST_BYTES) : undefined;
}

/** What stands in front of the data in a cache file. */
export function digestOf(source: string): Buffer {
  return createHash('sha256').update(source, 'latin1').digest();
}
