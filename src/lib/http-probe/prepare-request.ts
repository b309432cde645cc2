import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Secret } from '../../core/secret.ts';
import type { HttpSettings } from '../http/http-client.ts';
import { fillTemplate } from '../template.ts';
import { destinationOf } from './destination.ts';
import type { HeaderFrom, RequestOptions } from './probe-options.ts';

/** A request with every placeholder filled; it holds plaintext, so make it right before it is sent. */
export interface FilledRequest {
  readonly settings: HttpSettings;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface PreparedRequest {
  /** `GET https://api.example.com/v1/me?key={{value}}`: unfilled, fit to be shown. */
  readonly label: string;
  /** @throws RotationError CONFIG_INVALID for an unknown placeholder, REFUSED for a value a header cannot carry */
  fill(values: Readonly<Record<string, string>>): FilledRequest;
}

/**
 * Resolves what does not depend on the key: the headers' own secrets and the certificate authority.
 * @throws RotationError CONFIG_INVALID
 */
export async function prepareRequest(options: RequestOptions, ctx: OpenContext): Promise<PreparedRequest> {
  const subject = ctx.name;
  const { origin, problem } = destinationOf(options.url, options.allowInsecure);
  if (problem !== undefined) {
    throw new RotationError('CONFIG_INVALID', { subject, reason: `url ${problem}` });
  }
  const ca = options.ca === undefined ? undefined : await ctx.resolve(options.ca);
  const settings: HttpSettings = {
    name: subject,
    baseUrl: origin,
    timeoutMs: ctx.timeoutMs,
    connections: 1,
    ...(ca === undefined ? {} : { ca: ca.reveal() }),
  };
  const secretHeaders = await resolveHeaders(options.headersFrom, ctx);

  return {
    label: `${options.method} ${options.url}`,
    fill: (values) => ({
      settings,
      method: options.method,
      path: pathOf(fillTemplate(options.url, values, subject, 'url'), origin, subject),
      headers: sendable(
        {
          'user-agent': 'keyturn',
          ...lowerCased(options.headers, (text) => fillTemplate(text, values, subject)),
          ...lowerCased(secretHeaders, ({ secret, as }) =>
            fillTemplate(as, { value: secret.reveal() }, subject),
          ),
          ...basicAuthorization(options, values, subject),
        },
        subject,
      ),
      ...(options.body === undefined ? {} : { body: fillTemplate(options.body, values, subject) }),
    }),
  };
}

interface SecretHeader {
  readonly secret: Secret;
  readonly as: string;
}

async function resolveHeaders(
  headersFrom: Readonly<Record<string, HeaderFrom>>,
  ctx: OpenContext,
): Promise<Readonly<Record<string, SecretHeader>>> {
  const resolved = Object.entries(headersFrom).map(async ([name, from]) => {
    const { reference, as } = typeof from === 'string' ? { reference: from, as: '{{value}}' } : from;
    return [name, { secret: await ctx.resolve(reference), as }] as const;
  });
  return Object.fromEntries(await Promise.all(resolved));
}

function basicAuthorization(
  options: RequestOptions,
  values: Readonly<Record<string, string>>,
  subject: string,
): { authorization?: string } {
  if (options.basicAuth === undefined) return {};
  const username = fillTemplate(options.basicAuth.username, values, subject);
  const password = fillTemplate(options.basicAuth.password, values, subject);
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}` };
}

function lowerCased<T>(
  headers: Readonly<Record<string, T>>,
  textOf: (value: T) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textOf(value)]),
  );
}

/** Visible ASCII, white space only inside. The client would send Latin-1 as well, but most services read UTF-8 there. */
const HEADER_VALUE = /^([\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?)?$/;

function sendable(
  headers: Readonly<Record<string, string>>,
  subject: string,
): Readonly<Record<string, string>> {
  const [name] = Object.entries(headers).find(([, value]) => !HEADER_VALUE.test(value)) ?? [];
  if (name === undefined) return headers;
  throw new RotationError('REFUSED', {
    subject,
    reason: `header ${name} cannot carry this value: line breaks, spaces at an end or characters beyond ASCII`,
    hint: 'Encode it with a filter (`{{value | base64}}`), or look for a stray newline in the key.',
  });
}

/** Path and query of the filled URL. That it kept its origin is certain by the template; proved all the same. */
function pathOf(filled: string, origin: string, subject: string): string {
  const url = new URL(filled);
  if (url.origin !== origin || url.pathname.startsWith('//')) {
    throw new RotationError('REFUSED', { subject, reason: 'the filled URL leaves the configured origin' });
  }
  return `${url.pathname}${url.search}`;
}
