import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { leanZod } from './lean-zod.ts';
import { ROOT } from './root.ts';

/** What others import: `keyturn/NAME`. Each has an `index.ts` in `src/NAME`. */
const ENTRIES = ['plugin', 'testing'] as const;

/**
 * Bundles the public entries as ES modules, with their types. The command does not load them: to a plug-in it gives
 * what it is made of itself. They are what editors look at, and what a plug-in's own tests run with.
 */
export async function buildPublicEntries(out: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES.map((name) => ({ in: `src/${name}/index.ts`, out: name })),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // One vitest: that of whoever runs the suites.
    external: ['vitest'],
    banner: { js: CREATE_REQUIRE },
    legalComments: 'none',
    minifySyntax: true,
    plugins: [leanZod],
    logLevel: 'warning',
  });
  writeTypes(join(out, 'types'));
}

/** Packages that are CommonJS inside a bundle ask for Node's own modules by `require`. */
const CREATE_REQUIRE = `import { createRequire as keyturnRequire } from 'node:module'; const require = keyturnRequire(import.meta.url);`;

/** @throws when TypeScript finds a mistake */
function writeTypes(folder: string): void {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const program = ts.createProgram(
    ENTRIES.map((name) => join(ROOT, 'src', name, 'index.ts')),
    {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: join(ROOT, 'src'),
      outDir: folder,
    },
  );
  const { diagnostics } = program.emit(undefined, (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, namingEmittedFiles(text));
  });
  const [fault] = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (fault !== undefined) throw new Error(ts.formatDiagnostic(fault, HOST));
  // Whatever the folders above say.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
}

/** Sources import `.ts`; beside a declaration there is only `.d.ts`, which is found by `.js`. */
function namingEmittedFiles(declarations: string): string {
  return declarations.replaceAll(/(from |import\()(['"])(\.[^'"]*)\.ts\2/g, '$1$2$3.js$2');
}

const HOST: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (path) => relative(ROOT, resolve(path)),
  getCurrentDirectory: () => ROOT,
  getNewLine: () => '\n',
};
