/** One file (or two) that breaks one rule of the import law. */
interface Violation {
  readonly rule: string;
  /** The importing module, which the rule must name. */
  readonly culprit: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A culprit that imports `target` (statically) and does nothing else. */
function importing(rule: string, culprit: string, target: string): Violation {
  return {
    rule,
    culprit,
    files: { [culprit]: `import * as it from '${target}';\nexport const planted = it;\n` },
  };
}

/** A descriptor for the planted plug-ins to reach. */
const neighbour = { 'src/stores/planted-neighbour/index.ts': 'export const plugin = {};\n' };
const emulator = { 'src/stores/planted-emulated/emulator.ts': 'export const start = 1;\n' };

function plus(violation: Violation, files: Violation['files']): Violation {
  return { ...violation, files: { ...violation.files, ...files } };
}

export const violations: readonly Violation[] = [
  plus(importing('no-cycle', 'src/engine/planted-a.ts', './planted-b.ts'), {
    'src/engine/planted-b.ts':
      "import { planted } from './planted-a.ts';\nexport const other = () => planted;\n",
  }),
  importing('no-unresolvable', 'src/lib/planted-lost.ts', './nowhere.ts'),
  importing('core-stays-in-its-layer', 'src/core/planted-up.ts', '../lib/clock.ts'),
  importing('core-without-packages', 'src/core/planted-package.ts', 'zod'),
  importing('lib-stays-in-its-layer', 'src/lib/planted-up.ts', '../engine/journal.ts'),
  importing('engine-stays-in-its-layer', 'src/engine/planted-down.ts', '../catalog/stores.gen.ts'),
  importing('steps-stays-in-its-layer', 'src/steps/planted-up.ts', '../catalog/stores.gen.ts'),
  importing('plugin-stays-in-its-layer', 'src/plugin/planted-up.ts', '../config/load-config.ts'),
  importing('testing-stays-in-its-layer', 'src/testing/planted-up.ts', '../config/load-config.ts'),
  importing('config-stays-in-its-layer', 'src/config/planted-up.ts', '../engine/journal.ts'),
  importing('ui-stays-in-its-layer', 'src/ui/planted-up.ts', '../catalog/stores.gen.ts'),
  importing('ui-calls-nothing', 'src/ui/planted-call.ts', '../app/catalog-list.ts'),
  importing('start-stays-in-its-layer', 'src/start/planted-up.ts', '../app/catalog-list.ts'),
  importing('commands-stays-in-its-layer', 'commands/planted/deep.ts', '../../src/engine/journal.ts'),
  importing('app-below-commands', 'src/app/planted-up.ts', '../../commands/stores/list.ts'),
  importing('catalog-knows-descriptors', 'src/catalog/planted.ts', '../lib/clock.ts'),
  plus(
    importing(
      'plugin-stays-in-its-folder',
      'src/issuers/planted/rival.ts',
      '../../stores/planted-neighbour/index.ts',
    ),
    neighbour,
  ),
  plus(
    importing(
      'plugin-reached-by-catalog',
      'src/app/planted-shortcut.ts',
      '../stores/planted-neighbour/index.ts',
    ),
    neighbour,
  ),
  importing('light-descriptor', 'src/stores/planted-heavy/index.ts', 'zod'),
  importing('light-command', 'commands/planted/heavy.ts', 'zod'),
  plus(
    importing(
      'emulator-for-tests-and-rehearsal',
      'src/app/planted-rehearsal.ts',
      '../stores/planted-emulated/emulator.ts',
    ),
    emulator,
  ),
  importing('axios-in-lib-http', 'src/stores/planted-axios/planted-axios-store.ts', 'axios'),
  importing('terminal-in-ui', 'src/app/planted-drawing.ts', 'listr2'),
  importing('oclif-at-the-edge', 'src/app/planted-oclif.ts', '@oclif/core/ux'),
  importing('no-dev-dependency', 'src/lib/planted-dev.ts', 'fast-check'),
  plus(importing('no-tests-in-product', 'src/lib/planted-test.ts', '../../test/planted.ts'), {
    'test/planted.ts': 'export const planted = 1;\n',
  }),
];
