import type { Clock } from '../../core/clock.ts';
import type { Secret } from '../../core/secret.ts';
import { type About, jsonOf, strangeAnswer } from '../../lib/http/answer.ts';
import type { HttpAnswer, HttpClient } from '../../lib/http/http-client.ts';
import { type Environment, parseEnvironment } from './environment.ts';
import { environmentError, isAbsent } from './environment-error.ts';

/** One value at one place in the list of variables. */
export interface Replacement {
  readonly index: number;
  readonly value: string;
}

export interface EnvironmentApi {
  /** `GET /me`, as it was answered. */
  me(signal: AbortSignal): Promise<unknown>;
  /** Undefined when it does not exist, or may not be seen. */
  get(id: string, signal: AbortSignal): Promise<Environment | undefined>;
  /** All replacements at once. Only the values change: type, state and description of a variable stay. */
  replace(id: string, replacements: readonly Replacement[], signal: AbortSignal): Promise<void>;
}

export function createEnvironmentApi(
  http: HttpClient,
  settings: { readonly name: string; readonly clock: Clock; readonly apiKey: Secret },
): EnvironmentApi {
  const { name, clock, apiKey } = settings;

  const send = (
    about: About,
    request: { readonly method: string; readonly path: string; readonly body?: string },
    signal: AbortSignal,
  ): Promise<HttpAnswer> =>
    http.send({
      ...about,
      ...request,
      headers: {
        'x-api-key': apiKey.reveal(),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal,
    });
  const pathOf = (id: string): string => `/environments/${encodeURIComponent(id)}`;

  return {
    me: async (signal) => {
      const about: About = { subject: name, action: 'ask who we are', effect: 'read' };
      const answer = await send(about, { method: 'GET', path: '/me' }, signal);
      if (answer.status !== 200) throw environmentError(answer, about, clock.now());
      return jsonOf(answer, about);
    },

    get: async (id, signal) => {
      const about: About = { subject: `${name}/${id}`, action: 'read the environment', effect: 'read' };
      const answer = await send(about, { method: 'GET', path: pathOf(id) }, signal);
      if (isAbsent(answer)) return undefined;
      if (answer.status !== 200) throw environmentError(answer, about, clock.now());
      const environment = parseEnvironment(jsonOf(answer, about));
      if (environment === undefined) throw strangeAnswer(answer, about);
      return environment;
    },

    replace: async (id, replacements, signal) => {
      const about: About = { subject: `${name}/${id}`, action: 'write the variables', effect: 'write' };
      // Postman takes one kind of operation at a time, so that a `test` cannot go with it.
      const body = JSON.stringify(
        replacements.map(({ index, value }) => ({ op: 'replace', path: `/values/${index}/value`, value })),
      );
      const answer = await send(about, { method: 'PATCH', path: pathOf(id), body }, signal);
      if (answer.status !== 200) throw environmentError(answer, about, clock.now());
      jsonOf(answer, about);
    },
  };
}
