import type { StoreTemplate } from './store-template.ts';

export function packageText({ packageName, id, version }: StoreTemplate): string {
  const document = {
    name: packageName,
    version: '0.1.0',
    description: `The store ${id} for keyturn.`,
    type: 'module',
    exports: './index.js',
    files: ['*.js'],
    engines: { node: '>=20.19' },
    scripts: { test: 'vitest run' },
    // The running keyturn is what a plug-in works with; the installed one serves its tests and the editor.
    peerDependencies: { keyturn: `^${version}` },
    devDependencies: { keyturn: `^${version}`, vitest: '^4.1.0' },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
