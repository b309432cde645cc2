import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import { isThisMachine } from '../../lib/address-schema.ts';
import { statusError } from '../../lib/http/answer.ts';
import { createHttpClient, type HttpClient } from '../../lib/http/http-client.ts';
import type { SdkCall, SdkCalls } from '../../lib/http/sdk-calls.ts';
import { type PipelineClient, pipelineAnswer } from './pipeline-answer.ts';

export interface DirectoryWire {
  readonly client: PipelineClient;
  /** What really went wrong beneath a login that failed: the SDK tells it in words of its own. Given once. */
  lastFailure(): RotationError | undefined;
  close(): void;
}

/** Our HTTP client under the login at a directory, which may be at several addresses. */
export function openDirectoryWire(
  ctx: Pick<OpenContext, 'name' | 'timeoutMs'>,
  calls: Pick<SdkCalls<SdkCall>, 'current'>,
): DirectoryWire {
  const clients = new Map<string, HttpClient>();
  let failure: RotationError | undefined;

  const clientFor = (origin: string): HttpClient => {
    const known = clients.get(origin) ?? createHttpClient({ ...ctx, baseUrl: origin });
    clients.set(origin, known);
    return known;
  };

  return {
    client: {
      sendRequest: async (request) => {
        const { signal, subject } = calls.current();
        const url = new URL(request.url);
        if (isThisMachine(request.url)) url.protocol = 'http:';
        const about = { subject, action: 'log in at the directory', effect: 'read', signal } as const;
        try {
          const answer = await clientFor(url.origin).send({
            ...about,
            method: request.method,
            path: `${url.pathname}${url.search}`,
            headers: request.headers.toJSON(),
            ...(typeof request.body === 'string' ? { body: request.body } : {}),
          });
          // A refusal of the directory has words that the SDK reads.
          if (answer.status >= 500 || answer.status === 429 || (answer.status >= 300 && answer.status < 400))
            throw statusError(answer, about);
          return pipelineAnswer(request, answer);
        } catch (error) {
          if (error instanceof RotationError) failure = error;
          throw error;
        }
      },
    },
    lastFailure: () => {
      const last = failure;
      failure = undefined;
      return last;
    },
    close: () => {
      for (const client of clients.values()) client.close();
    },
  };
}
