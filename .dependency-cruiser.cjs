'use strict';
// The import law of ARCHITECTURE.md. Each rule is seen to fail in test/architecture/import-law.test.ts.

const PLUGIN = '^src/(stores|issuers|checks|reloads|notifiers)/([^/]+)/';
const HEAVY =
  'node_modules/(axios|@aws-sdk/[^/]+|@smithy/[^/]+|inquirer|@inquirer/[^/]+|zod|yaml|js-yaml|listr2|age-encryption|open|undici)/';
const NOT_TYPES = { dependencyTypesNot: ['type-only'] };

/** @type {(name: string, comment: string, from: object, to: object) => object} */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A folder of ours, and the folders of ours it may import. @type {(folder: string, comment: string, ...allowed: string[]) => object} */
const layer = (folder, comment, ...allowed) =>
  forbid(
    `${folder.replace('src/', '')}-stays-in-its-layer`,
    comment,
    { path: `^${folder}/` },
    { path: '^(src|commands|bin|scripts|test)/', pathNot: [folder, ...allowed].map((path) => `^${path}/`) },
  );

module.exports = {
  forbidden: [
    forbid('no-cycle', 'A cycle is one module in several files.', {}, { circular: true }),
    forbid(
      'no-unresolvable',
      'What cannot be resolved cannot be loaded. (bin/run.js loads what the build makes.)',
      { pathNot: '^bin/run\\.js$' },
      { couldNotResolve: true },
    ),

    layer('src/core', 'The core knows nobody.'),
    forbid(
      'core-without-packages',
      'The core runs on Node alone; types of a package are not code.',
      { path: '^src/core/' },
      { path: 'node_modules/', ...NOT_TYPES },
    ),
    layer('src/lib', 'The library knows the core.', 'src/core'),
    layer('src/engine', 'The engine knows steps, not what they do.', 'src/core', 'src/lib'),
    layer('src/steps', 'A step knows the contracts of plug-ins, no plug-in.', 'src/core', 'src/lib'),
    layer('src/plugin', 'What plug-ins by others are made with.', 'src/core', 'src/lib'),
    layer(
      'src/testing',
      'The suites that every plug-in passes, ours and those of others.',
      'src/core',
      'src/lib',
      'src/plugin',
    ),
    layer(
      'src/config',
      'The config knows the catalogue, and brings the plug-ins of others into it.',
      'src/core',
      'src/lib',
      'src/catalog',
      'src/plugin',
    ),
    layer('src/ui', 'The terminal shows what it is given.', 'src/core', 'src/lib', 'src/app', 'src/engine'),
    forbid(
      'ui-calls-nothing',
      'Of use cases and engine the terminal knows the types: it never decides. Only bases of commands call.',
      { path: '^src/ui/', pathNot: '-command\\.ts$' },
      { path: '^src/(app|engine)/', ...NOT_TYPES },
    ),
    layer('src/start', 'Start-up knows how to show an error, and oclif.', 'src/core', 'src/lib', 'src/ui'),
    layer('commands', 'A command parses, calls a use case and prints.', 'src/app', 'src/ui', 'src/core'),
    forbid(
      'app-below-commands',
      'A use case can be called from anywhere: it knows no command and no start-up.',
      { path: '^src/app/' },
      { path: '^(commands|src/start|bin|scripts|test)/' },
    ),
    forbid(
      'catalog-knows-descriptors',
      'The catalogue names descriptors, lazily, and the types they have.',
      { path: '^src/catalog/' },
      { path: '^src/', pathNot: [`${PLUGIN}index\\.ts$`, '^src/core/', '^src/catalog/'] },
    ),
    forbid(
      'plugin-stays-in-its-folder',
      'A plug-in can be added or removed without a look at any other.',
      { path: PLUGIN },
      { path: '^(src|commands|bin|scripts|test)/', pathNot: ['^src/$1/$2/', '^src/core/', '^src/lib/'] },
    ),
    forbid(
      'plugin-reached-by-catalog',
      'Only the catalogue (and tests) name a plug-in.',
      { path: '^(src|commands|bin)/', pathNot: ['^src/catalog/', PLUGIN] },
      { path: PLUGIN },
    ),

    forbid(
      'light-descriptor',
      '`list` loads every descriptor: what is behind one (schema, implementation, emulator) is loaded when it is used.',
      { path: `${PLUGIN}index\\.ts$` },
      {
        path: `^src/lib/|node_modules/|${PLUGIN}(options|emulator[^/]*|[^/]+-(store|issuer|check|reload|notifier))\\.ts$`,
        dynamic: false,
        ...NOT_TYPES,
      },
    ),
    forbid(
      'light-command',
      'A heavy module is loaded by the command that needs it, when it needs it.',
      { path: '^(commands|src/app|src/start|src/catalog)/|^src/ui/[^/]+$' },
      { path: HEAVY, dynamic: false, ...NOT_TYPES },
    ),
    forbid(
      'emulator-for-tests-and-rehearsal',
      'Only its own descriptor may load an emulator, lazily; `emulated-*.ts` are parts of one.',
      {
        path: '^(src|commands|bin)/',
        pathNot: [
          `${PLUGIN}(index|emulat[^/]*)\\.ts$`,
          '/emulator/',
          '^src/plugin/start-loopback-server\\.ts$',
        ],
      },
      {
        path: [`${PLUGIN}emulat[^/]*\\.ts$`, '^src/lib/emulator/', '^src/lib/[^/]+/emulator/'],
        ...NOT_TYPES,
      },
    ),
    forbid(
      'axios-in-lib-http',
      'One tuned HTTP client, one place that turns its errors into ours.',
      { pathNot: '^src/lib/http/' },
      { path: 'node_modules/axios/' },
    ),
    forbid(
      'terminal-in-ui',
      'listr2 draws and inquirer asks; neither decides.',
      { path: '^(src|commands|bin)/', pathNot: '^src/ui/' },
      { path: 'node_modules/(listr2|inquirer|@inquirer/[^/]+)/' },
    ),
    forbid(
      'oclif-at-the-edge',
      'Use cases and all below run without a command line.',
      { path: '^src/', pathNot: '^src/(ui|start)/' },
      { path: 'node_modules/@oclif/' },
    ),
    forbid(
      'no-dev-dependency',
      'What ships must be a dependency.',
      { path: '^(src|commands|bin)/', pathNot: ['^bin/dev\\.js$', '^src/testing/'] },
      { dependencyTypes: ['npm-dev'], ...NOT_TYPES },
    ),
    forbid(
      'no-tests-in-product',
      'Tests know the product.',
      { path: '^(src|commands|bin)/', pathNot: '^src/testing/' },
      { path: '^(test|src/testing)/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
