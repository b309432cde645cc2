import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from '../../core/plugins/emulator.ts';
import { createFaultQueue } from './fault-queue.ts';

export interface EmulatedRequest {
  readonly method: string;
  /** Path and query exactly as sent, still percent-encoded. */
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface EmulatedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface EmulatedService {
  /** Whether a request would change anything: what a fault `on: 'write'` waits for. */
  isWrite(request: EmulatedRequest): boolean;
  /** The real protocol. Throwing is a defect of the emulator (500). */
  handle(request: EmulatedRequest): EmulatedAnswer | Promise<EmulatedAnswer>;
  /** The body a `status` fault has in this protocol; JSON of nothing in particular by default. */
  errorBody?(status: number): { readonly body: string; readonly headers?: Readonly<Record<string, string>> };
}

export interface LoopbackServer {
  readonly url: string;
  readonly requests: readonly EmulatedRequest[];
  /** Resolves when the fault first strikes (and what it lets through has been carried out). */
  inject(fault: Fault): Promise<void>;
  /** Runs right before and right after a write is carried out: where kill tests strike. */
  onWrite(
    hook: ((moment: 'before' | 'after', request: EmulatedRequest) => void | Promise<void>) | undefined,
  ): void;
  stop(): Promise<void>;
}

/** An HTTP server on 127.0.0.1 that speaks a service's protocol and breaks in the ways networks break. */
export async function startLoopbackServer(service: EmulatedService): Promise<LoopbackServer> {
  const requests: EmulatedRequest[] = [];
  const faults = createFaultQueue();
  let hook: Parameters<LoopbackServer['onWrite']>[0];

  const carryOut = async (request: EmulatedRequest, write: boolean): Promise<EmulatedAnswer> => {
    if (write) await hook?.('before', request);
    const answer = await service.handle(request);
    if (write) await hook?.('after', request);
    return answer;
  };

  const server = createServer(async (message, response) => {
    const request = await readRequest(message);
    requests.push(request);
    const write = service.isWrite(request);
    const trouble = faults.take(write);
    try {
      if (trouble === undefined) send(response, await carryOut(request, write));
      else {
        await breakDown(trouble.fault, request, response);
        trouble.struck();
      }
    } catch (error) {
      send(response, { status: 500, body: String(error) });
    }
  });

  const breakDown = async (
    fault: Fault,
    request: EmulatedRequest,
    response: ServerResponse,
  ): Promise<void> => {
    switch (fault.kind) {
      case 'cut':
        response.destroy();
        return;
      case 'lost-answer':
        await carryOut(request, service.isWrite(request));
        response.destroy();
        return;
      case 'silence':
        await carryOut(request, service.isWrite(request));
        return;
      case 'html':
        send(response, {
          status: 200,
          headers: { 'content-type': 'text/html' },
          body: '<html><body>Sign in</body></html>',
        });
        return;
      case 'redirect':
        send(response, { status: 302, headers: { location: 'http://127.0.0.1:9/elsewhere' } });
        return;
      case 'status': {
        const described = service.errorBody?.(fault.status) ?? { body: '{}' };
        const headers = {
          'content-type': 'application/json',
          ...described.headers,
          ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
        };
        send(response, { status: fault.status, headers, body: described.body });
      }
    }
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    inject: faults.inject,
    onWrite: (next) => {
      hook = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(message: IncomingMessage): Promise<EmulatedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const url = String(message.url);
  const parsed = new URL(url, 'http://loopback');
  return {
    method: String(message.method),
    url,
    path: parsed.pathname,
    query: parsed.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(response: ServerResponse, answer: EmulatedAnswer): void {
  response.writeHead(answer.status, answer.headers ?? {});
  response.end(answer.body ?? '');
}
