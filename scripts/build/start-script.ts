import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PJSON } from '@oclif/core/interfaces';
import { build } from 'esbuild';
import { AGENT, type StaticText } from '../../src/start/fast-path.ts';
import { ROOT } from './root.ts';

const run = promisify(execFile);

/** Writes `start.cjs`, twice: the text of its fast path is what the package prints without one. */
export async function writeStartScript(out: string, pjson: PJSON): Promise<void> {
  const product = `${pjson.name}/${pjson.version}`;
  await bundleStart(out, pjson, { product, plainHelp: '', colourHelp: '' });
  const plainHelp = await rootHelp(out, product, '0');
  const colourHelp = await rootHelp(out, product, '1');
  await bundleStart(out, pjson, { product, plainHelp, colourHelp });
}

async function bundleStart(out: string, pjson: PJSON, text: StaticText): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/start/start.ts'],
    outfile: join(out, 'start.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    define: { STATIC_TEXT: JSON.stringify(text), PACKAGE: JSON.stringify(pjson) },
    minifySyntax: true,
    logLevel: 'warning',
  });
}

async function rootHelp(out: string, product: string, forceColor: '0' | '1'): Promise<string> {
  const script = `require(${JSON.stringify(join(out, 'start.cjs'))}).start(['--help'], ${JSON.stringify(out)})`;
  const env = { ...process.env, FORCE_COLOR: forceColor, NO_COLOR: undefined, NODE_OPTIONS: undefined };
  const { stdout } = await run(process.execPath, ['-e', script], { env, cwd: ROOT });
  const agent = new RegExp(`${product} \\S+ node-\\S+`);
  if (!agent.test(stdout)) throw new Error(`the root help does not name ${product}:\n${stdout}`);
  return stdout.replace(agent, AGENT);
}
