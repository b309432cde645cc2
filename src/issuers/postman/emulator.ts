import { randomBytes, randomInt } from 'node:crypto';
import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';

export interface PostmanEmulator extends IssuerEmulator {
  /** Sets the calls of the month that are used; at the limit every further one is refused. */
  useCalls(usage: number): void;
  /** How often it has been asked anything. */
  asked(): number;
}

const MONTHLY_LIMIT = 1_000_000;
const PROBLEMS: Readonly<Record<number, readonly [type: string, detail: string]>> = {
  401: ['unauthorized', 'A valid API key must be provided in the request header.'],
  403: ['forbidden', 'This feature isn’t available in your region.'],
  404: ['not-found', 'Requested resource not found'],
  429: ['rate-limit-exceeded', 'Rate limit exceeded'],
  500: ['internal-server-error', 'Something went wrong on our side'],
};

/** `GET /me`, the two shapes of its refusals, and a person who makes and deletes keys in the web page. */
export async function startPostmanEmulator(): Promise<PostmanEmulator> {
  const user = { id: randomInt(1_000_000, 99_999_999), teamId: randomInt(1, 9_999) };
  /** Public half → key. Deleted keys are gone: Postman does not tell them from keys that never were. */
  const keys = new Map<string, string>();
  let effects = 0;
  let usage = 10_788;
  let refusals = 0;
  /** What the person has copied and not got rid of: asked again, they give the same key and make no other. */
  let copied: Credential | undefined;

  const refuse = (): EmulatedAnswer => {
    refusals += 1;
    return refusals % 2 === 0 ? problem(401) : legacy(401, 'AuthenticationError', INVALID_KEY);
  };

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    const key = request.headers['x-api-key'];
    if (typeof key !== 'string' || key === '') return problem(401, MISSING_KEY);
    if (![...keys.values()].includes(key)) return refuse();
    if (usage >= MONTHLY_LIMIT) return legacy(429, 'serviceLimitExhausted', 'Service limit exhausted.');
    if (request.method !== 'GET' || request.path !== '/me') return problem(404);
    usage += 1;
    return answer(200, 'application/json; charset=utf-8', me(user, usage));
  };

  const server = await startLoopbackServer({
    isWrite: (request) => request.method !== 'GET',
    handle,
    errorBody: (status) => {
      const { body, headers } = problem(status);
      return { body: body ?? '', ...(headers === undefined ? {} : { headers }) };
    },
  });

  const make = (): IssuedKey => {
    const id = ['PM', 'AK-', randomBytes(12).toString('hex')].join('');
    const value = `${id}-${randomBytes(17).toString('hex')}`;
    keys.set(id, value);
    return { id, credential: { value: new Secret(value) } };
  };

  return {
    options: (original) => ({ ...original, baseUrl: server.url }),
    resolve: () => undefined,
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    issue: async () => make(),
    isLive: async (credential) => [...keys.values()].includes(credential['value']?.reveal() ?? ''),
    keys: async () => [...keys.keys()].map((id) => ({ id, active: true })),
    asked: () => server.requests.length,
    useCalls: (calls) => {
      usage = calls;
    },
    operator: {
      provideCredential: async (_task, _parts, { check }) => {
        if (copied === undefined) {
          // As a paste or a pipe gives it.
          copied = { value: new Secret(`${make().credential['value']?.reveal()}\n`) };
          effects += 1;
        }
        const given = copied;
        await check(given);
        copied = undefined;
        return given;
      },
      confirmDone: async (task) => {
        const id = /PMAK-[a-f0-9]{24}/.exec(task.instructions.join('\n'))?.[0];
        if (id === undefined) {
          throw new RotationError('INTERNAL', { subject: 'postman', reason: 'the task names no key' });
        }
        if (keys.delete(id)) effects += 1;
      },
    },
  };
}

const INVALID_KEY = 'Invalid API Key. Every request requires a valid API Key to be sent.';
const MISSING_KEY = 'An API key must be provided in the request header or query string';

function me(user: { readonly id: number; readonly teamId: number }, usage: number): object {
  return {
    user: {
      ...user,
      username: 'rotation-robot',
      email: 'robot@example.com',
      fullName: 'Rotation Robot',
      avatar: null,
      isPublic: false,
      emailVerified: true,
      teamName: 'Platform',
      teamDomain: 'platform',
      roles: ['user'],
    },
    operations: [
      { name: 'monitor_request_runs', limit: 1, usage: 1, overage: 0 },
      { name: 'api_usage', limit: MONTHLY_LIMIT, usage, overage: 0 },
    ],
  };
}

function problem(status: number, detail?: string): EmulatedAnswer {
  const [type, standard] = PROBLEMS[status] ?? ['bad-request', `Status ${status}`];
  return answer(status, 'application/problem+json; charset=utf-8', {
    type: `https://api.postman.com/problems/${type}`,
    title: type,
    status,
    detail: detail ?? standard,
  });
}

function legacy(status: number, name: string, message: string): EmulatedAnswer {
  return answer(status, 'application/json; charset=utf-8', { error: { name, message } });
}

function answer(status: number, type: string, body: object): EmulatedAnswer {
  return { status, headers: { 'content-type': type, ...RATE_HEADERS }, body: JSON.stringify(body) };
}

const RATE_HEADERS = {
  ratelimit: 'limit=300, remaining=298, reset=41',
  'ratelimit-policy': '300;w=60',
  'x-ratelimit-limit': '300',
  'x-ratelimit-remaining': '298',
  // No x-ratelimit-reset: its unit is documented in two ways.
};
