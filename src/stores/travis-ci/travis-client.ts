import type { OpenContext } from '../../core/plugins/contexts.ts';
import { jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import { type JsonApi, type JsonRecord, type JsonRequest, openJsonApi } from '../../lib/http/json-api.ts';
import type { TravisOptions } from './options.ts';
import { travisError } from './travis-error.ts';

/** Travis CI's API v3 as one user. */
export interface TravisClient extends Pick<JsonApi, 'close'> {
  /**
   * The object of a successful answer, which is of the type that was asked for (`@type`).
   * @throws RotationError for every other answer, and for none
   */
  ask(type: string, request: JsonRequest, signal: AbortSignal): Promise<JsonRecord>;
}

/** @throws RotationError CONFIG_INVALID when a reference cannot be resolved */
export async function openTravis(
  options: TravisOptions,
  open: Pick<OpenContext, 'name' | 'timeoutMs' | 'resolve'>,
): Promise<TravisClient> {
  const api = await openJsonApi(options, open, {
    base: '',
    headers: (token) => ({ 'travis-api-version': '3', authorization: `token ${token.reveal()}` }),
    errorOf: travisError,
  });
  return {
    ask: async (type, request, signal) => {
      const answer = await api.send(request, signal);
      const told = jsonOf(answer, request) as JsonRecord | null;
      if (told?.['@type'] !== type) throw strangeAnswer(answer, request);
      return told;
    },
    close: api.close,
  };
}
