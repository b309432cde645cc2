import type { EmulatedService, LoopbackServer } from '../lib/emulator/loopback-server.ts';

export type {
  EmulatedAnswer,
  EmulatedRequest,
  EmulatedService,
  LoopbackServer,
} from '../lib/emulator/loopback-server.ts';

/**
 * An HTTP server on 127.0.0.1 for an emulator: it speaks what `service` makes of a request, and its `inject` breaks the
 * wire in every way that the conformance suites try.
 */
export async function startLoopbackServer(service: EmulatedService): Promise<LoopbackServer> {
  const { startLoopbackServer: start } = await import('../lib/emulator/loopback-server.ts');
  return start(service);
}
