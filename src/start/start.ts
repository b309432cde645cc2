import { writeSync } from 'node:fs';
import { join } from 'node:path';
import type { PJSON } from '@oclif/core/interfaces';
import { type ChunkLoader, createChunkLoader } from './chunk-loader.ts';
import { type StaticText, staticAnswer } from './fast-path.ts';

/** Put in by the build. */
declare const STATIC_TEXT: StaticText;
declare const PACKAGE: PJSON;

/** The first code of the built package; loads nothing that it may not need. `dist` is its folder. */
export async function start(
  argv: readonly string[],
  dist: string,
  makeLoader: (dist: string) => ChunkLoader = createChunkLoader,
): Promise<void> {
  const answer = staticAnswer(argv, STATIC_TEXT);
  if (answer !== undefined) {
    print(answer);
    return;
  }
  const { main } = makeLoader(dist).load(join(dist, 'main.cjs')) as typeof import('./main.ts');
  await main(argv, { root: dist, pjson: PACKAGE, importModule: (specifier) => import(specifier) });
}

/** A synchronous write costs a tenth of `process.stdout`; what it cannot take (a full pipe) goes the usual way. */
function print(text: string): void {
  try {
    const written = writeSync(1, text);
    if (written < Buffer.byteLength(text)) process.stdout.write(Buffer.from(text).subarray(written));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') process.stdout.write(text);
    else if (code !== 'EPIPE') throw error;
  }
}
