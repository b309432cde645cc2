import { RotationError } from '../../core/errors/rotation-error.ts';
import type { Secret } from '../../core/secret.ts';
import { statusError, strangeAnswer } from '../http/answer.ts';
import type { HttpAnswer, HttpClient } from '../http/http-client.ts';
import { fillBody, fillText, type TemplateMappings, type TemplateValues } from './fill.ts';
import type { AuthOptions, RequestOptions } from './request-schema.ts';

export interface Call {
  readonly request: RequestOptions;
  readonly values: TemplateValues;
  readonly mappings?: TemplateMappings;
  readonly action: string;
  readonly effect: 'read' | 'write';
  /** Whether keyturn's own credential goes along: not when a key is asked to speak for itself. */
  readonly authorized: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Already encoded: `cursor=a%2Fb`. */
  readonly query?: string;
  readonly signal: AbortSignal;
}

/** Sends one described request; gives every answer, and whether it is one of success. */
export type Send = (call: Call) => Promise<{ readonly answer: HttpAnswer; readonly expected: boolean }>;

export function createSend(
  http: HttpClient,
  auth: AuthOptions,
  settings: { readonly name: string; readonly resolve: (reference: string) => Promise<Secret> },
): Send {
  const { name: subject, resolve } = settings;

  const headersOf = async ({
    request,
    values,
    headers,
    authorized,
  }: Call): Promise<Record<string, string>> => {
    const all: Record<string, string> = { accept: 'application/json' };
    if (typeof request.body === 'object') all['content-type'] = 'application/json';
    for (const [name, template] of Object.entries(request.headers ?? {}))
      all[name.toLowerCase()] = fillText(template, values, subject);
    for (const [name, value] of Object.entries(headers ?? {})) all[name.toLowerCase()] = value;
    // Last, so that nothing above can take its place.
    for (const [name, { prefix, value }] of authorized ? Object.entries(auth) : [])
      all[name.toLowerCase()] = prefix + (await resolve(value)).reveal();
    return all;
  };

  return async (call) => {
    const { request, values, mappings, query, action, effect, signal } = call;
    const headers = await headersOf(call);
    const path = fillText(request.path, values, subject);
    // Two slashes in front would be the name of another host.
    if (path.startsWith('//'))
      throw new RotationError('REFUSED', { subject, action, reason: 'its path has no first part' });
    const body = fillBody(request.body, values, subject, mappings);
    const answer = await http.send({
      method: request.method,
      path: query === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`,
      headers,
      ...(body === undefined ? {} : { body }),
      signal,
      effect,
      action,
    });
    return { answer, expected: isExpected(request, answer) };
  };
}

function isExpected({ expect }: RequestOptions, { status }: HttpAnswer): boolean {
  return expect === undefined ? status >= 200 && status < 300 : expect.includes(status);
}

/** What an answer that nobody described means. Its body is not quoted: it may hold the key. */
export function unexpected(
  answer: HttpAnswer,
  about: { readonly subject: string; readonly action: string; readonly effect: 'read' | 'write' },
): RotationError {
  return answer.status < 400 ? strangeAnswer(answer, about) : statusError(answer, about);
}
