import { randomBytes } from 'node:crypto';
import type { Credential } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import type { EmulatedAnswer } from '../../lib/emulator/loopback-server.ts';
import { apiAnswer, refusal } from '../../lib/github/emulator/emulated-answers.ts';
import type { EmulatedCall } from '../../lib/github/emulator/emulated-call.ts';
import { type EmulatedGithub, startEmulatedGithub } from '../../lib/github/emulator/emulated-github.ts';
import type { TokenKind } from './options.ts';
import { hashedToken } from './token-format.ts';

export interface GithubIssuerEmulator extends IssuerEmulator {
  readonly github: EmulatedGithub;
  /** A token made outside keyturn, as wished. */
  make(wish?: Partial<EmulatedToken>): IssuedKey;
}

interface EmulatedToken {
  readonly kind: TokenKind;
  readonly userId: number;
  readonly scopes: readonly string[];
  /** As GitHub writes it in its header. */
  readonly expires: string | undefined;
}

const USUAL: EmulatedToken = {
  kind: 'classic',
  userId: 583_231,
  scopes: ['repo', 'workflow'],
  expires: '2026-11-02 10:20:30 UTC',
};

/** Requests that still find a token alive after it was reported: revocation is not done when it is accepted. */
const ALIVE_AFTER_REPORT = 1;

/** `GET /user`, the revocation of exposed tokens, and a person who makes and deletes tokens in the web page. */
export async function startGithubIssuerEmulator(): Promise<GithubIssuerEmulator> {
  const tokens = new Map<string, EmulatedToken>();
  const reported = new Map<string, number>();
  let effects = 0;
  /** As the config asks for; the old token is of that kind too. */
  let kind: TokenKind = USUAL.kind;
  /** What the person has copied and not got rid of: asked again, they give the same token and make no other. */
  let copied: Credential | undefined;

  const isLive = (token: string | undefined): boolean => {
    if (token === undefined || !tokens.has(token)) return false;
    const left = reported.get(token);
    if (left === undefined) return true;
    reported.set(token, left - 1);
    if (left <= 0) tokens.delete(token);
    return left > 0;
  };

  const revoke = ({ body, token }: EmulatedCall): EmulatedAnswer => {
    if (token !== undefined) return refusal(403, 'This endpoint is for unauthenticated requests only.');
    const list = body['credentials'];
    if (!Array.isArray(list) || list.length === 0) return refusal(422, 'Validation Failed');
    for (const each of list.map(String)) {
      if (!tokens.has(each) || reported.has(each)) continue;
      reported.set(each, ALIVE_AFTER_REPORT);
      effects += 1;
    }
    return apiAnswer(202, {});
  };

  const isReport = ({ segments }: EmulatedCall): boolean => segments.join('/') === 'credentials/revoke';
  const github = await startEmulatedGithub({
    isWrite: ({ method }) => method === 'POST',
    mayEnter: (call) => isReport(call) || isLive(call.token),
    route: (call) => {
      if (isReport(call)) return call.method === 'POST' ? revoke(call) : undefined;
      const token = tokens.get(call.token ?? '');
      return token === undefined || call.segments.join('/') !== 'user' ? undefined : userAnswer(token);
    },
  });
  github.scopes = undefined;

  const make = (wish: Partial<EmulatedToken> = {}): IssuedKey => {
    const token = { ...USUAL, kind, ...wish };
    const value = tokenText(token.kind);
    tokens.set(value, token);
    const credential = { value: new Secret(value) };
    return { id: hashedToken(credential) ?? '', credential };
  };

  const remove = (id: string): void => {
    for (const value of tokens.keys()) if (idOf(value) === id && tokens.delete(value)) effects += 1;
  };

  return {
    github,
    make,
    options: ({ ca: _ca, ...original } = {}) => {
      kind = original['kind'] === 'fine-grained' ? 'fine-grained' : 'classic';
      return { ...original, address: github.server.url };
    },
    resolve: () => undefined,
    inject: github.server.inject,
    effects: () => effects,
    stop: github.server.stop,
    issue: async () => make(),
    isLive: async ({ value }) => tokens.has(value?.reveal() ?? '') && !reported.has(value?.reveal() ?? ''),
    keys: async () => [...tokens.keys()].map((value) => ({ id: idOf(value), active: !reported.has(value) })),
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
        const id = /[A-Za-z0-9+/]{43}=/.exec(task.instructions.join('\n'))?.[0];
        if (id === undefined) {
          throw new RotationError('INTERNAL', { subject: 'github', reason: 'the task names no token' });
        }
        remove(id);
      },
    },
  };
}

/** Made at run time, so that no scanner takes it for a real one. */
function tokenText(kind: TokenKind): string {
  if (kind === 'classic') return ['gh', 'p_', randomBytes(18).toString('hex')].join('');
  return [
    'github',
    '_pat_',
    randomBytes(11).toString('hex'),
    '_',
    randomBytes(30).toString('hex').slice(1),
  ].join('');
}

function idOf(value: string): string {
  return hashedToken({ value: new Secret(value) }) ?? '';
}

function userAnswer({ kind, userId, scopes, expires }: EmulatedToken): EmulatedAnswer {
  const user = { id: userId, login: userId === USUAL.userId ? 'robot' : `user-${userId}`, type: 'User' };
  return apiAnswer(200, user, {
    ...(kind === 'classic' ? { 'x-oauth-scopes': scopes.join(', ') } : {}),
    ...(expires === undefined ? {} : { 'github-authentication-token-expiration': expires }),
  });
}
