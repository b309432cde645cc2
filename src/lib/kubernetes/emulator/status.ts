import type { EmulatedAnswer } from '../../emulator/loopback-server.ts';

const REASONS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden: the user cannot do that'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: [
    'Conflict',
    'the object has been modified; please apply your changes to the latest version and try again',
  ],
  415: ['UnsupportedMediaType', 'the body of the request was in an unknown format'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  500: ['InternalError', 'an error on the server has prevented the request from succeeding'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'request did not complete within the requested timeout'],
};

export function json(status: number, body: unknown): EmulatedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** The `Status` that every error of the API server is. */
export function failure(code: number, message?: string, reason?: string): EmulatedAnswer {
  const [usual = 'Unknown', words = `status ${code}`] = REASONS[code] ?? [];
  return json(code, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: message ?? words,
    reason: reason ?? usual,
    code,
  });
}

/** What a `status` fault says. */
export function errorBody(status: number): { readonly body: string } {
  return { body: failure(status).body ?? '' };
}
