import type { JsonObject } from '../../core/json.ts';
import type { CheckEmulator } from '../../core/plugins/emulator.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { EMULATED_REFERENCE, emulatedRequest } from '../../lib/http-probe/emulated-request.ts';
import { sampleStatus } from '../../lib/http-probe/expected-status.ts';
import { sampleBody } from '../../lib/http-probe/sample-body.ts';
import { carries } from './carries.ts';
import { type HttpCheckOptions, optionsSchema } from './options.ts';

const DEFAULT_CHECK: JsonObject = {
  url: 'https://service.example/v1/me',
  headers: { 'x-api-key': '{{value}}' },
  expect: { status: 200, jsonPath: 'ok', equals: true },
};

/**
 * Services on one loopback server, a path each. Asked as the config says, they give the answer the config hopes for when
 * the request carries an accepted key, and refuse it otherwise. A request that carries no key asks for health alone.
 */
export async function startHttpCheckEmulator(): Promise<CheckEmulator> {
  const services: HttpCheckOptions[] = [];
  let accepted: readonly string[] = [];

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    const service = services[Number(request.path.split('/')[1])];
    if (service === undefined) return { status: 404, body: '{"error":"no such service"}' };
    const welcome = !needsKey(service) || accepted.some((value) => carries(request, value));
    const status = sampleStatus(service.expect.status, welcome);
    const headers = { 'content-type': 'application/json' };
    return { status, headers, body: welcome ? sampleBody(service.expect) : '{"error":"unknown key"}' };
  };
  const server = await startLoopbackServer({
    isWrite: ({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method),
    handle,
  });

  return {
    options: (original = DEFAULT_CHECK) => {
      const address = `${server.url}/${services.length}`;
      const theirs = optionsSchema.parse(original);
      const ours = { ...theirs, ...emulatedRequest(theirs, address) };
      services.push(optionsSchema.parse(ours));
      return ours;
    },
    resolve: (reference) => (reference === EMULATED_REFERENCE ? 'emulated header' : undefined),
    inject: server.inject,
    // A check only asks.
    effects: () => 0,
    accept: (values) => {
      accepted = [...values];
    },
    stop: server.stop,
  };
}

/** Whether the key goes with the request, or the service is only asked how it is. */
function needsKey({ url, headers, body, basicAuth }: HttpCheckOptions): boolean {
  const texts = [url, ...Object.values(headers), body, basicAuth?.username, basicAuth?.password];
  return texts.some((text) => text?.includes('{{') ?? false);
}
