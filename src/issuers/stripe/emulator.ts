import { randomBytes } from 'node:crypto';
import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { IssuerEmulator } from '../../core/plugins/emulator.ts';
import type { IssuedKey } from '../../core/plugins/issuer.ts';
import { Secret } from '../../core/secret.ts';
import {
  type EmulatedAnswer,
  type EmulatedRequest,
  startLoopbackServer,
} from '../../lib/emulator/loopback-server.ts';
import { kindOf } from './key-format.ts';

type Fate = 'live' | 'expired' | 'deleted';

export interface StripeEmulator extends IssuerEmulator {
  readonly account: string;
  /** A key of this kind, made in the Dashboard; of another account when one is named. */
  make(prefix: 'sk' | 'rk', mode: 'live' | 'test', account?: string): IssuedKey;
  setFate(key: IssuedKey, fate: Fate): void;
  /** The next answer, whatever is asked. */
  answerNext(answer: EmulatedAnswer): void;
  /** How often it has been asked anything. */
  asked(): number;
}

interface EmulatedKey {
  readonly value: string;
  readonly account: string;
  fate: Fate;
  /** Requests that are answered as before: an expiry takes a while, counted in requests. */
  lag: number;
}

const LAG = 2;

/** `GET /v1/account`, the refusals of dead and of restricted keys, and a person at the Dashboard. */
export async function startStripeEmulator(): Promise<StripeEmulator> {
  const account = idOf('acct');
  const keys = new Map<string, EmulatedKey>();
  const prepared: EmulatedAnswer[] = [];
  let effects = 0;
  /** What the person has copied and not got rid of: asked again, they give the same key and make no other. */
  let copied: Credential | undefined;

  const handle = (request: EmulatedRequest): EmulatedAnswer => {
    const next = prepared.shift();
    if (next !== undefined) return next;
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) return refuse(401, { message: 'You did not provide an API key.' });
    const key = [...keys.values()].find(({ value }) => value === given);
    if (key === undefined || (key.fate === 'deleted' && settled(key))) return invalid(given);
    if (key.fate === 'expired' && settled(key)) return expired(given);
    if (request.method !== 'GET' || request.path !== '/v1/account') {
      return refuse(404, { message: `Unrecognized request URL (${request.method}: ${request.path}).` });
    }
    if (given.startsWith('rk_')) return notPermitted(given, key.account);
    return json(200, { id: key.account, object: 'account', email: 'owner@example.com', type: 'standard' });
  };

  const server = await startLoopbackServer({
    isWrite: (request) => request.method !== 'GET',
    handle,
    errorBody: (status) => {
      const { body = '', headers = {} } =
        status === 401 ? expired(undefined) : refuse(status, WORDS[status] ?? {});
      return { body, headers };
    },
  });

  const make: StripeEmulator['make'] = (prefix, mode, of = account) => {
    const value = `${prefix}_${mode}_${randomBytes(48).toString('hex')}`;
    const credential = { [VALUE_PART]: new Secret(value) };
    const id = kindOf(credential)?.id ?? '';
    keys.set(id, { value, account: of, fate: 'live', lag: 0 });
    return { id, credential };
  };
  const setFate = (id: string, fate: Fate): boolean => {
    const key = keys.get(id);
    if (key === undefined || key.fate === fate) return false;
    Object.assign(key, { fate, lag: LAG });
    return true;
  };

  return {
    account,
    make,
    setFate: ({ id }, fate) => {
      if (setFate(id, fate)) Object.assign(keys.get(id) ?? {}, { lag: 0 });
    },
    answerNext: (answer) => void prepared.push(answer),
    asked: () => server.requests.length,
    options: (original = {}) => {
      // The user's own account does not exist here.
      const { account: _account, ...kept } = original;
      return { ...kept, baseUrl: server.url };
    },
    resolve: () => undefined,
    inject: server.inject,
    effects: () => effects,
    stop: server.stop,
    issue: async () => make('sk', 'live'),
    isLive: async (credential) =>
      [...keys.values()].some(
        ({ value, fate }) => value === credential[VALUE_PART]?.reveal() && fate === 'live',
      ),
    keys: async () => [...keys].map(([id, { fate }]) => ({ id, active: fate === 'live' })),
    operator: {
      provideCredential: async (task, _parts, { check }) => {
        if (copied === undefined) {
          const [, prefix = 'sk', mode = 'live'] =
            /\b([rs]k)_(live|test)_…/.exec(task.instructions.join('\n')) ?? [];
          const made = make(prefix as 'sk' | 'rk', mode as 'live' | 'test');
          // As a paste or a pipe gives it.
          copied = { [VALUE_PART]: new Secret(`${made.credential[VALUE_PART]?.reveal()}\n`) };
          effects += 1;
        }
        const given = copied;
        await check(given);
        copied = undefined;
        return given;
      },
      confirmDone: async (task) => {
        const id = /[rs]k_(?:live|test)_…[A-Za-z0-9]{4}/.exec(task.instructions.join('\n'))?.[0];
        if (id === undefined) {
          throw new RotationError('INTERNAL', { subject: 'stripe', reason: 'the task names no key' });
        }
        if (setFate(id, 'expired')) effects += 1;
      },
    },
  };
}

function settled(key: EmulatedKey): boolean {
  if (key.lag === 0) return true;
  key.lag -= 1;
  return false;
}

interface Words {
  readonly type?: string;
  readonly code?: string;
  readonly message?: string;
  readonly doc_url?: string;
}

const WORDS: Readonly<Record<number, Words>> = {
  403: { message: 'This API key may not be used from this address.' },
  429: { code: 'rate_limit', message: 'Request rate limit exceeded.' },
  500: { type: 'api_error', message: 'An unknown error occurred' },
};

function expired(key: string | undefined): EmulatedAnswer {
  return refuse(401, {
    code: 'api_key_expired',
    doc_url: 'https://stripe.com/docs/error-codes/api-key-expired',
    message: key === undefined ? 'Expired API Key provided' : `Expired API Key provided: ${masked(key)}`,
  });
}

function invalid(key: string): EmulatedAnswer {
  return refuse(401, { message: `Invalid API Key provided: ${masked(key)}` });
}

function notPermitted(key: string, account: string): EmulatedAnswer {
  return refuse(403, {
    message: `The provided key '${masked(key)}' does not have the required permissions for this endpoint on account '${account}'. Having the 'rak_accounts_kyc_basic_read' permission would allow this request to continue.`,
  });
}

function masked(key: string): string {
  const [prefix, mode, rest = ''] = key.split('_');
  return `${prefix}_${mode}_${'*'.repeat(Math.max(1, rest.length - 6))}${rest.slice(-6)}`;
}

function refuse(status: number, words: Words): EmulatedAnswer {
  return json(status, { error: { type: 'invalid_request_error', ...words } });
}

function json(status: number, body: object): EmulatedAnswer {
  const headers = { 'content-type': 'application/json', 'request-id': idOf('req') };
  return { status, headers, body: JSON.stringify(body, null, 2) };
}

function idOf(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString('hex')}`;
}
