import type { StoreTemplate } from './store-template.ts';

export function indexText({ id }: StoreTemplate): string {
  const title = `${id.charAt(0).toUpperCase()}${id.slice(1).replaceAll('-', ' ')}`;
  return `// @ts-check
import { defineStore } from 'keyturn/plugin';
import { loadOptions } from './options.js';

// Read by \`keyturn stores list\` without loading the rest, so that nothing heavy is imported here.
export default defineStore({
  // The \`type\` in a config.
  id: '${id}',
  title: '${title}',
  summary: 'Values behind URLs, guarded by ETags.',
  // What is said here is what the suite holds the store to.
  capabilities: {
    readable: true,
    // It keeps no value but the last.
    versioned: false,
    // A write says what it is based on, and is refused when that is not current.
    cas: true,
    restore: 'value',
    // The largest value in bytes, where there is a limit.
    maxBytes: undefined,
    evidence: 'read-back',
  },
  slot: {
    ref: 'Path of the value below \`address\`: \`apps/ci/api-key\`.',
    field: 'Not used: there is one value behind a URL.',
  },
  options: loadOptions,
  open: async () => (await import('./store.js')).openStore,
  emulator: async () => (await import('./emulator.js')).startEmulator,
});
`;
}
