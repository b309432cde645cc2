import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, type Metafile, transform } from 'esbuild';
import { leanKubernetes } from './lean-kubernetes.ts';
import { leanOclif } from './lean-oclif.ts';
import { leanZod } from './lean-zod.ts';
import { ROOT } from './root.ts';

/** Printed one line to a statement, with real names: a stack trace of the package can be read. */
const READABLE = { minifySyntax: true, minifyWhitespace: false, minifyIdentifiers: false } as const;

/**
 * Bundles main and each command, with shared and lazily imported code in chunks of its own, then turns every
 * chunk into a script around a CommonJS wrapper: unlike an ES module, that can be loaded from a V8 code cache, and
 * a dynamic import of it is synchronous work.
 */
export async function bundle(out: string, commandFiles: readonly string[]): Promise<Metafile> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [
      { in: 'src/start/main.ts', out: 'main' },
      ...commandFiles.map((file) => ({
        in: join('commands', file),
        out: `commands/${file.replace(/\.ts$/, '')}`,
      })),
    ],
    outdir: out,
    outExtension: { '.js': '.cjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // oclif would load it to transpile a plug-in in development, which is switched off.
    external: ['typescript'],
    legalComments: 'none',
    treeShaking: true,
    metafile: true,
    plugins: [leanKubernetes, leanOclif, leanZod],
    write: false,
    logLevel: 'warning',
    ...READABLE,
  });
  const commonJs = chunksOfCommonJs(metafile);
  await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await toScript(text, relative(out, path), commonJs.has(resolve(ROOT, path))));
    }),
  );
  return metafile;
}

/** Chunk (relative to `out`) → the sources in it (relative to the project). */
export function chunkContents({ outputs }: Metafile, out: string): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(outputs).map(([path, { inputs }]) => [
      relative(out, resolve(ROOT, path)),
      Object.keys(inputs),
    ]),
  );
}

/** Absolute paths of the chunks that stand for `import()` of a CommonJS package: esbuild gives them a default export alone. */
function chunksOfCommonJs({ inputs, outputs }: Metafile): Set<string> {
  const chunks = Object.entries(outputs).filter(
    ([, { entryPoint }]) => entryPoint !== undefined && inputs[entryPoint]?.format === 'cjs',
  );
  return new Set(chunks.map(([path]) => resolve(ROOT, path)));
}

/** Gives it the named exports that it has in Node. */
const NAMED_EXPORTS =
  'module.exports = Object.assign({}, module.exports.default, { __esModule: true, default: module.exports.default });';

/** The text of an ES module as an expression that gives a CommonJS wrapper. ASCII only. */
async function toScript(esm: string, name: string, fromCommonJs: boolean): Promise<string> {
  const { code } = await transform(esm, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.url': 'chunkUrl',
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
    },
    sourcefile: name,
    legalComments: 'none',
    logLevel: 'warning',
    // Of a library, which nobody sees any more that it is one.
    logOverride: { 'equals-negative-zero': 'silent' },
    ...READABLE,
  });
  const url = code.includes('chunkUrl')
    ? 'const chunkUrl = require("node:url").pathToFileURL(__filename).href;\n'
    : '';
  return `(function (exports, require, module, __filename, __dirname) {${url}${code}${fromCommonJs ? NAMED_EXPORTS : ''}\n})`;
}
