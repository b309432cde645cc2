import type { TestProject } from 'vitest/node';
import { bringUpServers, type ServersUnderTest } from '../../scripts/servers/servers-under-test.ts';

declare module 'vitest' {
  interface ProvidedContext {
    servers: ServersUnderTest;
  }
}

/** Runs once, before any test; what it gives back runs after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { servers, stop } = await bringUpServers();
  project.provide('servers', servers);
  return stop;
}
