import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../../core/json.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  type LoopbackServer,
  startLoopbackServer,
} from '../../emulator/loopback-server.ts';
import { apiAnswer, refusal } from './emulated-answers.ts';
import { createEmulatedApp } from './emulated-app.ts';
import { callOf, type EmulatedCall } from './emulated-call.ts';
import { createEmulatedClock } from './emulated-clock.ts';

interface Settings {
  /** Called for whoever may enter. Undefined is 404. */
  route(call: EmulatedCall): EmulatedAnswer | undefined | Promise<EmulatedAnswer | undefined>;
  isWrite(request: Pick<EmulatedRequest, 'method' | 'path'>): boolean;
  /** In place of the one token that `connection` refers to. */
  mayEnter?(call: EmulatedCall): boolean;
}

/** An Enterprise Server on this machine: what GitHub's API has in common wherever it is asked. */
export interface EmulatedGithub {
  readonly server: LoopbackServer;
  readonly clock: ReturnType<typeof createEmulatedClock>;
  readonly app: ReturnType<typeof createEmulatedApp>;
  /** `address` and `auth`, with the method of the user's own. */
  connection(original?: JsonObject): JsonObject;
  resolve(reference: string): string | undefined;
  /** Every further request is one too many, until the hour is over. */
  exhaust(): void;
  /** Scopes of the token, as GitHub says them of a classic one. */
  scopes: string | undefined;
}

const TOKEN = 'env:GITHUB_EMULATOR_TOKEN';
const APP_KEY = 'env:GITHUB_EMULATOR_APP_KEY';
const USER = { id: 583_231, login: 'keyturn-robot', type: 'User' };

export async function startEmulatedGithub(settings: Settings): Promise<EmulatedGithub> {
  // Made at run time, so that no scanner takes it for a real one.
  const token = ['gh', 'p_', randomBytes(18).toString('hex')].join('');
  const clock = createEmulatedClock();
  const app = createEmulatedApp(clock);
  let remaining: 'plenty' | 'none' = 'plenty';
  let scopes: string | undefined = 'admin:org, repo';

  const enter = (call: EmulatedCall): boolean =>
    settings.mayEnter?.(call) ?? (call.token === token || app.accepts(call.token));

  const answer = async (request: EmulatedRequest): Promise<EmulatedAnswer> => {
    clock.tick();
    if ((request.headers['user-agent'] ?? '') === '') {
      return { status: 403, body: 'Request forbidden by administrative rules.' };
    }
    const call = callOf(request);
    const asApp = app.answer(call);
    if (asApp !== undefined) return asApp;
    if (!enter(call)) return refusal(401, 'Bad credentials');
    if (remaining === 'none') return refusal(403, 'API rate limit exceeded for user ID 583231.');
    const own = await settings.route(call);
    if (own !== undefined) return own;
    return whoIs(call.segments.join('/'), app.accepts(call.token));
  };

  const server = await startLoopbackServer({
    isWrite: settings.isWrite,
    handle: async (request) => {
      const given = await answer(request);
      const headers = { ...limitHeaders(remaining, clock.now()), ...scopeHeader(scopes), ...given.headers };
      return { ...given, headers: { date: new Date(clock.now()).toUTCString(), ...headers } };
    },
    errorBody: (status) => ({ body: refusal(status, 'Injected by the emulator').body ?? '' }),
  });

  return {
    server,
    clock,
    app,
    connection: (original = {}) => ({ address: server.url, auth: authOf(original, app) }),
    resolve: (reference) =>
      reference === TOKEN ? token : reference === APP_KEY ? app.privateKey() : undefined,
    exhaust: () => {
      remaining = 'none';
    },
    get scopes() {
      return scopes;
    },
    set scopes(said) {
      scopes = said;
    },
  };
}

function whoIs(path: string, isInstallation: boolean): EmulatedAnswer {
  if (path !== 'user' && path !== 'installation/repositories') return refusal(404, 'Not Found');
  if (isInstallation === (path === 'user')) return refusal(403, 'Resource not accessible by integration');
  if (path === 'user') return apiAnswer(200, USER);
  return apiAnswer(200, { total_count: 1, repositories: [{ id: 1, owner: { login: 'acme' } }] });
}

function authOf(original: JsonObject, app: EmulatedGithub['app']): JsonObject {
  const auth = (original['auth'] ?? {}) as JsonObject;
  if (auth['method'] !== 'app') return { method: 'token', token: TOKEN };
  const { appId = '12345', installationId = '67890' } = auth;
  app.install(String(appId), String(installationId));
  return { method: 'app', appId, installationId, privateKey: APP_KEY };
}

function limitHeaders(remaining: 'plenty' | 'none', now: number): Record<string, string> {
  return {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': remaining === 'none' ? '0' : '4321',
    'x-ratelimit-reset': String(Math.floor(now / 1000) + 90),
    'x-ratelimit-resource': 'core',
  };
}

function scopeHeader(scopes: string | undefined): Record<string, string> {
  return scopes === undefined ? {} : { 'x-oauth-scopes': scopes };
}
