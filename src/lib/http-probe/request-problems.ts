import type { RotationError } from '../../core/errors/rotation-error.ts';
import { placeholdersIn } from '../template.ts';
import { destinationOf } from './destination.ts';
import type { RequestOptions } from './probe-options.ts';

export interface RequestProblem {
  /** Option at fault. */
  readonly path: readonly string[];
  readonly message: string;
}

/** Headers that carry credentials: a literal there is a secret in the config. */
const SECRET_HEADERS = /^(authorization|proxy-authorization|cookie|x-auth-token|(x-)?api-?key)$/i;

/** Headers that frame the request; another value would let the body be read as a second request. */
const FRAMING_HEADERS = /^(content-length|transfer-encoding|connection|upgrade)$/i;

/** Everything wrong with a request that can be seen before anything is sent. */
export function requestProblems(options: RequestOptions): readonly RequestProblem[] {
  const { problem } = destinationOf(options.url, options.allowInsecure);
  return [
    ...(problem === undefined ? [] : [{ path: ['url'], message: problem }]),
    ...templateProblems(options),
    ...headerProblems(options),
    ...bodyProblems(options),
  ];
}

function templateProblems(options: RequestOptions): RequestProblem[] {
  const templates: [readonly string[], string][] = [
    [['url'], options.url],
    ...Object.entries(options.headers).map(([name, text]): [string[], string] => [['headers', name], text]),
    ...Object.entries(options.headersFrom).flatMap(([name, from]): [string[], string][] =>
      typeof from === 'string' ? [] : [[['headersFrom', name, 'as'], from.as]],
    ),
    [['basicAuth', 'username'], options.basicAuth?.username ?? ''],
    [['basicAuth', 'password'], options.basicAuth?.password ?? ''],
    [['body'], options.body ?? ''],
  ];
  return templates.flatMap(([path, template]) => {
    const message = templateProblem(template);
    return message === undefined ? [] : [{ path, message }];
  });
}

/** Why a text is no template; undefined when it is one. */
export function templateProblem(template: string): string | undefined {
  try {
    placeholdersIn(template, 'the template');
    return undefined;
  } catch (error) {
    return (error as RotationError).context.reason;
  }
}

function headerProblems(options: RequestOptions): RequestProblem[] {
  const problems: RequestProblem[] = [];
  const seen = new Set(options.basicAuth === undefined ? [] : ['authorization']);
  for (const [group, headers] of [
    ['headers', options.headers],
    ['headersFrom', options.headersFrom],
  ] as const) {
    for (const name of Object.keys(headers)) {
      const path = [group, name];
      if (seen.has(name.toLowerCase())) problems.push({ path, message: 'is given twice' });
      if (FRAMING_HEADERS.test(name))
        problems.push({ path, message: 'cannot be set: it frames the request' });
      seen.add(name.toLowerCase());
    }
  }
  for (const [name, text] of Object.entries(options.headers)) {
    if (!SECRET_HEADERS.test(name) || text.includes('{{')) continue;
    problems.push({
      path: ['headers', name],
      message: 'must not be a literal: use a placeholder or `headersFrom`',
    });
  }
  if (options.basicAuth !== undefined && !options.basicAuth.password.includes('{{')) {
    problems.push({ path: ['basicAuth', 'password'], message: 'must not be a literal: use a placeholder' });
  }
  return problems;
}

function bodyProblems(options: RequestOptions): RequestProblem[] {
  if (options.body === undefined) return [];
  const path = ['body'];
  if (['GET', 'HEAD'].includes(options.method))
    return [{ path, message: `does not go with ${options.method}` }];
  const typed = Object.keys({ ...options.headers, ...options.headersFrom }).some((name) =>
    /^content-type$/i.test(name),
  );
  return typed ? [] : [{ path, message: 'needs a `content-type` header to say what it is' }];
}
