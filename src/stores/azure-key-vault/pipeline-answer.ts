import type { SecretClientOptions } from '@azure/keyvault-secrets';
import type { HttpAnswer } from '../../lib/http/http-client.ts';

/** The SDK's own types of what stands beneath it. */
export type PipelineClient = NonNullable<SecretClientOptions['httpClient']>;
export type PipelineRequest = Parameters<PipelineClient['sendRequest']>[0];
export type PipelineAnswer = Awaited<ReturnType<PipelineClient['sendRequest']>>;

/** An answer of our HTTP client as the SDK takes it. */
export function pipelineAnswer(request: PipelineRequest, answer: HttpAnswer): PipelineAnswer {
  return { request, status: answer.status, headers: headersOf(answer), bodyAsText: answer.body };
}

function headersOf(answer: HttpAnswer): PipelineAnswer['headers'] {
  const headers = new Map(Object.entries(answer.headers));
  return {
    get: (name) => headers.get(name.toLowerCase()),
    has: (name) => headers.has(name.toLowerCase()),
    set: (name, value) => {
      headers.set(name.toLowerCase(), String(value));
    },
    delete: (name) => {
      headers.delete(name.toLowerCase());
    },
    toJSON: () => Object.fromEntries(headers),
    [Symbol.iterator]: () => headers.entries(),
  };
}
