import { emulatorText } from './emulator-text.ts';
import { indexText } from './index-text.ts';
import { optionsText } from './options-text.ts';
import { packageText } from './package-text.ts';
import { readmeText } from './readme-text.ts';
import type { StoreTemplate } from './store-template.ts';
import { storeText } from './store-text.ts';
import { testText } from './test-text.ts';

/** Path → text. A store of one value a URL, to be made into something else. */
export function storeFiles(template: StoreTemplate): Readonly<Record<string, string>> {
  return {
    'package.json': packageText(template),
    'index.js': indexText(template),
    'options.js': optionsText(),
    'store.js': storeText(),
    'emulator.js': emulatorText(),
    'test/store.test.js': testText(),
    'README.md': readmeText(template),
    '.gitignore': 'node_modules/\n',
  };
}
