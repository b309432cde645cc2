import type { JsonObject } from '../../core/json.ts';
import type { ReloadEmulator } from '../../core/plugins/emulator.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { EMULATED_REFERENCE, emulatedRequest } from '../../lib/http-probe/emulated-request.ts';
import { matchesStatus, sampleStatus } from '../../lib/http-probe/expected-status.ts';
import type { ExpectedStatus } from '../../lib/http-probe/probe-options.ts';
import { sampleBody } from '../../lib/http-probe/sample-body.ts';
import { type HttpReloadOptions, optionsSchema } from './options.ts';

const DEFAULT_RELOAD: JsonObject = {
  url: 'https://platform.example/v1/services/{{service}}/restart',
  headersFrom: { authorization: { reference: EMULATED_REFERENCE, as: 'Bearer {{value}}' } },
  expect: { status: 202 },
  waitFor: {
    url: 'https://platform.example/v1/services/{{service}}',
    differs: 'revision',
    interval: '1s',
  },
};

/** Looks that find the service restarting after a reload: counted, so that nobody has to sleep. */
const LOOKS_UNTIL_UP = 1;

interface Service {
  readonly options: HttpReloadOptions;
  revision: number;
  looksLeft: number;
}

/** Services on one loopback server; `/3/reload/…` reloads the fourth, `/3/look/…` looks at it. */
export async function startHttpReloadEmulator(): Promise<ReloadEmulator> {
  const services: Service[] = [];
  let effects = 0;
  let failing = false;

  const reload = (service: Service): EmulatedAnswer => {
    const { expect } = service.options;
    if (failing) {
      failing = false;
      return json(statusOtherThan(422, expect.status), '{"error":"the service cannot be reloaded"}');
    }
    effects += 1;
    service.revision += 1;
    service.looksLeft = LOOKS_UNTIL_UP;
    return json(sampleStatus(expect.status, true), sampleBody(expect));
  };

  const look = (service: Service): EmulatedAnswer => {
    const { expect, differs } = service.options.waitFor ?? { expect: { status: 200 } };
    if (service.looksLeft > 0) {
      service.looksLeft -= 1;
      return json(statusOtherThan(503, expect.status), '{"error":"restarting"}');
    }
    const marks = differs === undefined ? {} : { [differs]: service.revision };
    return json(sampleStatus(expect.status, true), sampleBody(expect, marks));
  };

  const server = await startLoopbackServer({
    isWrite: isReload,
    handle: (request) => {
      const service = services[Number(request.path.split('/')[1])];
      if (service === undefined) return json(404, '{"error":"no such service"}');
      return isReload(request) ? reload(service) : look(service);
    },
  });

  return {
    options: (original = DEFAULT_RELOAD) => {
      const address = `${server.url}/${services.length}`;
      const theirs = optionsSchema.parse(original);
      const waitFor = theirs.waitFor && {
        ...theirs.waitFor,
        ...emulatedRequest(theirs.waitFor, `${address}/look`),
      };
      const ours = { ...theirs, ...emulatedRequest(theirs, `${address}/reload`), waitFor };
      services.push({ options: optionsSchema.parse(ours), revision: 0, looksLeft: 0 });
      return ours;
    },
    resolve: (reference) => (reference === EMULATED_REFERENCE ? 'emulated header' : undefined),
    inject: server.inject,
    effects: () => effects,
    failNext: () => {
      failing = true;
    },
    stop: server.stop,
  };
}

function isReload({ path }: EmulatedRequest): boolean {
  return path.split('/')[2] === 'reload';
}

function statusOtherThan(usual: number, expected: ExpectedStatus): number {
  return matchesStatus(expected, usual) ? sampleStatus(expected, false) : usual;
}

function json(status: number, body: string): EmulatedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body };
}
