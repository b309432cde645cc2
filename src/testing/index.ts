// biome-ignore-all lint/performance/noBarrelFile: the public entry, bundled into one file
/**
 * `keyturn/testing`: the suites that every plug-in of keyturn passes, for those of others. They run in vitest: call one
 * at the top level of a test file, and wait for it.
 *
 * @example
 * import { testStore } from 'keyturn/testing';
 * import store from '../index.js';
 *
 * await testStore(store);
 * @packageDocumentation
 */
export { type OpenSettings, openOnEmulator } from './open-on-emulator.ts';
export { testCheck, testIssuer, testNotifier, testReload, testStore } from './test-plugin.ts';
