import { type IncomingHttpHeaders, request as send } from 'node:http';
import type {
  EmulatedAnswer,
  EmulatedRequest,
  EmulatedService,
} from '../../src/lib/emulator/loopback-server.ts';

interface ForwardingManners extends Pick<EmulatedService, 'isWrite' | 'errorBody'> {
  /** What the server itself would have to refuse, and does not. */
  refuse?(request: EmulatedRequest): Promise<EmulatedAnswer | undefined>;
}

/**
 * A service that passes every request on to a server, as it came: so that what the suite can do to an emulator (break
 * its wire, count its effects) can be done to a program that others wrote.
 */
export function forwardTo(url: string, manners: ForwardingManners, onEffect: () => void): EmulatedService {
  const { refuse, ...protocol } = manners;
  return {
    ...protocol,
    handle: async (request) => {
      const refusal = await refuse?.(request);
      if (refusal !== undefined) return refusal;
      const answer = await passOn(url, request);
      if (answer.status < 300 && manners.isWrite(request)) onEffect();
      return answer;
    },
  };
}

function passOn(url: string, { method, url: path, headers, body }: EmulatedRequest): Promise<EmulatedAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(path, url), { method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: kept(incoming.headers),
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** All but what belongs to one connection. */
function kept(headers: IncomingHttpHeaders): Record<string, string> {
  const own = new Set(['connection', 'transfer-encoding', 'content-length', 'keep-alive']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !own.has(name) ? [[name, value]] : [],
    ),
  );
}
