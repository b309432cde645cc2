import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { installedNodeVersions } from '../node-versions/install.ts';
import { ROOT } from './root.ts';

const run = promisify(execFile);

/** What `plan` is warmed up with: it works on a fresh clone, and names plug-ins of every kind. */
const EXAMPLE = join(ROOT, 'rotation.config.yaml');

/** Makes V8 code caches with every Node at hand: the one that builds, and those installed for the tests. */
export async function makeCodeCaches(out: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-build-'));
  try {
    const maker = join(folder, 'code-cache-maker.cjs');
    await build({
      absWorkingDir: ROOT,
      entryPoints: ['scripts/build/code-cache-maker.ts'],
      outfile: maker,
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      logLevel: 'warning',
    });
    for (const node of nodeBinaries()) {
      const env = { ...cleanEnvironment(), KEYTURN_STATE: join(folder, 'state'), KEYTURN_HOME: folder };
      const { stderr } = await run(node, [maker, out, EXAMPLE], { env, cwd: folder });
      process.stdout.write(stderr);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The one that builds, and the others that are installed: a package is made with all of them. */
function nodeBinaries(): string[] {
  return [...new Set([process.execPath, ...installedNodeVersions().map(({ node }) => node)])];
}

/** V8 flags are part of what a cache fits to; colour settings decide which functions run. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, FORCE_COLOR: _force, NO_COLOR: _no, ...env } = process.env;
  return env;
}
