import { defineConfig } from 'vitest/config';

/** Against servers that others wrote: `npm run test:servers`. They are no part of `npm test`, hence `.spec.ts`. */
export default defineConfig({
  test: {
    include: ['test/servers/**/*.spec.ts'],
    globalSetup: ['test/servers/global-setup.ts'],
    disableConsoleIntercept: true,
    testTimeout: 60_000,
    // One moto serves all; its accounts are told apart by name, not by process.
    fileParallelism: false,
  },
});
