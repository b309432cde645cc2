import type { EmulatedAnswer, EmulatedService, LoopbackServer } from '../lib/emulator/loopback-server.ts';

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
  return start({ ...service, handle: async (request) => withText(await service.handle(request)) });
}

/** Types say it; plain JavaScript would break the connection, and the tests would wait for an answer. */
function withText(answer: EmulatedAnswer): EmulatedAnswer {
  const { body } = answer;
  if (body === undefined || typeof body === 'string') return answer;
  throw new TypeError('the body of an emulated answer must be text: JSON.stringify it');
}
