import type { JsonObject } from '../../core/json.ts';
import type { EmulatedAnswer } from '../../lib/emulator/loopback-server.ts';

export function json(status: number, body: JsonObject): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

const PROBLEMS: Readonly<Record<number, readonly [type: string, title: string]>> = {
  400: ['bad-request', 'Bad Request'],
  401: ['unauthorized', 'Unauthorized'],
  403: ['forbidden', 'Forbidden'],
  404: ['not-found', 'Not Found'],
  429: ['rate-limit-exceeded', 'Rate limit exceeded'],
};

export function problem(status: number, detail?: string): EmulatedAnswer {
  const [type, title] = PROBLEMS[status] ?? ['internal-server-error', 'Internal Server Error'];
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      type: `https://api.postman.com/problems/${type}`,
      status,
      title,
      detail: detail ?? title,
    }),
  };
}
