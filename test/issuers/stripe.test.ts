import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/core/credential.ts';
import type { AssistedTask, Operator } from '../../src/core/operator.ts';
import type { CreateContext, IssuedKey, Issuer } from '../../src/core/plugins/issuer.ts';
import { Secret } from '../../src/core/secret.ts';
import { type StripeEmulator, startStripeEmulator } from '../../src/issuers/stripe/emulator.ts';
import { plugin } from '../../src/issuers/stripe/index.ts';
import { describeStripeError, parseStripeError } from '../../src/issuers/stripe/stripe-error.ts';
import { CALL, openIssuer, refusal, refusalOf } from './open-issuer.ts';

let emulator: StripeEmulator;
beforeEach(async () => {
  emulator = await startStripeEmulator();
});
afterEach(() => emulator.stop());

const open = (operator?: Operator, account?: string): Promise<Issuer> =>
  openIssuer(
    plugin,
    { ...emulator.options(), ...(account === undefined ? {} : { account }) },
    operator === undefined ? {} : { operator },
  );

const identify = async (key: Credential, account?: string) =>
  (await open(undefined, account)).identify?.(key, CALL) ?? Promise.reject();

/** Somebody who pastes one value after the other until one is taken. */
function pasting(values: readonly Credential[], seen: { task?: AssistedTask; errors: Error[] }): Operator {
  return {
    provideCredential: async (task, _parts, { check }) => {
      seen.task = task;
      for (const value of values) {
        try {
          await check(value);
          return value;
        } catch (error) {
          seen.errors.push(error as Error);
        }
      }
      throw new Error('no value was taken');
    },
    confirmDone: () => Promise.reject(new Error('nobody was expected to be asked')),
  };
}

const value = (text: string): Credential => ({ value: new Secret(text) });
/** Made at run time, so that no scanner takes it for a leak. */
const madeUp = (prefix: string): Credential => value([prefix, randomBytes(24).toString('hex')].join(''));

describe('a key', () => {
  it.each([
    ['publishable', ['pk', 'live', ''].join('_'), /publishable/],
    ['a webhook’s', ['wh', 'sec_'].join(''), /webhook/],
    ['ephemeral', ['ek', 'test', ''].join('_'), /ephemeral/],
    ['an organization’s', ['sk', 'org', 'live', ''].join('_'), /organization/],
    ['masked', ['sk', 'live', '****'].join('_'), /masked/],
  ])('is refused when it is %s, and the reason is said', async (_what, prefix, reason) => {
    const issuer = await open();
    const error = await refusalOf(() => issuer.validate(madeUp(prefix)), 'REFUSED');
    expect(error.message).toMatch(reason);
  });

  it('is refused when only its beginning was copied', async () => {
    const issuer = await open();
    const beginning = value(['sk', 'live', randomBytes(4).toString('hex')].join('_'));
    await refusalOf(() => issuer.validate(beginning), 'REFUSED');
  });

  it('is named by its end, as the Dashboard names it', async () => {
    const { credential } = emulator.make('rk', 'test');
    const end = credential['value']?.reveal().slice(-4);
    expect((await open()).keyIdOf(credential)).toBe(['rk', 'test', `…${end}`].join('_'));
  });
});

describe('who a key is', () => {
  it('is its account and its mode', async () => {
    const { credential } = emulator.make('sk', 'test');
    expect(await identify(credential)).toMatchObject({ id: `${emulator.account}/test` });
  });

  it('is told by the refusal, for a restricted key that may not ask', async () => {
    const [restricted, secret] = [emulator.make('rk', 'live'), emulator.make('sk', 'live')];
    const principal = await identify(restricted.credential);
    expect(principal?.id).toBe((await identify(secret.credential))?.id);
    expect(principal?.display).toContain('restricted');
  });

  it('must be the account the config names', async () => {
    const { credential } = emulator.make('sk', 'live');
    await identify(credential, emulator.account);
    await refusal(identify(credential, 'acct_another'), 'REFUSED');
  });
});

describe('death', () => {
  let key: IssuedKey;
  beforeEach(() => {
    key = emulator.make('sk', 'live');
  });

  it('is an expired key, and the error says where to read more', async () => {
    emulator.setFate(key, 'expired');
    const error = await refusal(identify(key.credential), 'UNAUTHENTICATED');
    expect(error.message).toContain('code api_key_expired');
    expect(error.hint).toMatch(
      /See https:\/\/stripe\.com\/docs\/error-codes\/api-key-expired\. Stripe knows .* req_/,
    );
    expect(`${error.message} ${error.hint}`).not.toContain(key.credential['value']?.reveal());
  });

  it('is a deleted key, when the refusal names the very key that was sent', async () => {
    emulator.setFate(key, 'deleted');
    await refusal(identify(key.credential), 'UNAUTHENTICATED');
  });

  it.each([
    ['about another key', { error: { message: 'Invalid API Key provided: sk_live_*********zzzz' } }],
    ['about no key', { error: { message: 'You did not provide an API key.' } }],
    ['of a proxy', { reason: 'log in first' }],
    [
      'about the expiry of another key',
      { error: { code: 'api_key_expired', message: 'Expired API Key provided: sk_live_*********zzzz' } },
    ],
  ])('is not a 401 %s', async (_what, body) => {
    emulator.answerNext({ status: 401, body: JSON.stringify(body) });
    await refusal(identify(key.credential), 'UNAVAILABLE');
  });

  it('is a deleted key whose beginning is shown as well', async () => {
    const text = key.credential['value']?.reveal() ?? '';
    const message = `Invalid API Key provided: ${text.slice(0, 10)}********${text.slice(-4)}`;
    emulator.answerNext({ status: 401, body: JSON.stringify({ error: { message } }) });
    await refusal(identify(key.credential), 'UNAUTHENTICATED');
  });

  it('is not a request to slow down, with whatever status', async () => {
    const body = JSON.stringify({ error: { code: 'rate_limit', message: 'Too many requests' } });
    emulator.answerNext({ status: 400, body });
    await refusal(identify(key.credential), 'RATE_LIMITED');
  });
});

describe('a new key', () => {
  const create = async (values: readonly Credential[], old: IssuedKey) => {
    const seen: { task?: AssistedTask; errors: Error[] } = { errors: [] };
    const issuer = await open(pasting(values, seen));
    const principal = await issuer.identify?.(old.credential, CALL);
    const replaces = { id: old.id, ...(principal === undefined ? {} : { principal }) };
    const ctx: CreateContext = { ...CALL, replaces };
    return { made: await issuer.createKey('keyturn-1', ctx), seen };
  };

  it('is refused, and asked for again, until it is of the same kind, mode and account and not the old one', async () => {
    const old = emulator.make('sk', 'live');
    const good = emulator.make('sk', 'live');
    const wrong = [
      value('https://dashboard.stripe.com/apikeys'),
      emulator.make('sk', 'test').credential,
      emulator.make('rk', 'live').credential,
      emulator.make('sk', 'live', 'acct_another').credential,
      madeUp(['sk', 'live', ''].join('_')),
      old.credential,
    ];
    const { made, seen } = await create([...wrong, good.credential], old);
    expect(made.id).toBe(good.id);
    expect(seen.errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('does not look like'),
      expect.stringContaining('test key'),
      expect.stringContaining('restricted (rk_) key'),
      expect.stringContaining('acct_another'),
      expect.stringContaining('Invalid API Key'),
      expect.stringContaining('the same as the old one'),
    ]);
    const told = seen.errors.map(({ message }) => message).join('\n');
    for (const key of wrong) expect(told).not.toContain(key['value']?.reveal());
  });

  it('is asked for with the page of its mode, the end of the old key, and a warning of "Now"', async () => {
    const old = emulator.make('rk', 'test');
    const { seen } = await create([emulator.make('rk', 'test').credential], old);
    expect(seen.task?.url).toBe('https://dashboard.stripe.com/test/apikeys');
    expect(seen.task?.instructions.join('\n')).toMatch(
      new RegExp(`${old.id}[^]*LATER, not "Now"[^]*keyturn-1`),
    );
  });
});

describe('an error of Stripe’s', () => {
  const secretOf = (id: string): string => [id, 'secret', randomBytes(12).toString('hex')].join('_');
  const card = ['4242', '4242', '4242', '4242'].join(' ');
  const body = JSON.stringify({
    error: {
      type: 'card_error',
      code: 'card_declined',
      message: `The card ${card} of jenny.rosen@example.com was declined; ${secretOf('pi_1')}`,
      user_message: 'Your card was declined.',
      param: 'payment_method',
      doc_url: 'https://stripe.com/docs/error-codes/card-declined?key=1',
      request_log_url: 'https://dashboard.stripe.com/acct_1/test/logs/req_1?t=1',
      charge: 'ch_1',
      decline_code: 'insufficient_funds',
      advice_code: 'try_again_later',
      network_advice_code: '02',
      network_decline_code: '51',
      payment_method_type: 'card',
      payment_intent: {
        id: 'pi_1',
        client_secret: secretOf('pi_1'),
        receipt_email: 'jenny.rosen@example.com',
      },
      payment_method: { id: 'pm_1', billing_details: { name: 'Jenny Rosen' } },
      setup_intent: { id: 'seti_1', client_secret: secretOf('seti_1') },
      source: { id: 'src_1', owner: { name: 'Jenny Rosen' } },
    },
  });

  it('is read to the last field, and people and client secrets are left out', () => {
    const error = parseStripeError(body);
    expect(error).toEqual({
      type: 'card_error',
      code: 'card_declined',
      message: 'The card [left out] of [left out] was declined; [left out]',
      userMessage: 'Your card was declined.',
      param: 'payment_method',
      docUrl: 'https://stripe.com/docs/error-codes/card-declined',
      requestLogUrl: 'https://dashboard.stripe.com/acct_1/test/logs/req_1',
      charge: 'ch_1',
      declineCode: 'insufficient_funds',
      adviceCode: 'try_again_later',
      networkAdviceCode: '02',
      networkDeclineCode: '51',
      paymentMethodType: 'card',
      paymentIntent: 'pi_1',
      paymentMethod: 'pm_1',
      setupIntent: 'seti_1',
      source: 'src_1',
    });
    if (error === undefined) return;
    expect(describeStripeError(error, 402)).toBe(
      'The card [left out] of [left out] was declined; [left out] (status 402, type card_error, code card_declined, ' +
        'param payment_method, decline_code insufficient_funds, advice_code try_again_later, network_advice_code 02, ' +
        'network_decline_code 51, payment_method_type card, charge ch_1, payment_intent pi_1, payment_method pm_1, ' +
        'setup_intent seti_1, source src_1)',
    );
  });

  it.each([
    ['a client secret of a checkout', `the session ${secretOf('cs_test_a1')} is over`],
    ['a client secret without an id', `${secretOf('cuss')} is over`],
    ['an account number', 'no such account DE89 3704 0044 0532 0130 00 at this bank'],
    ['a telephone number', 'cannot reach +1 (555) 010-9999 today'],
    ['a social security number', 'the number 078-05-1120 is used twice'],
  ])('leaves out %s', (_what, message) => {
    const error = parseStripeError(JSON.stringify({ error: { message } }));
    expect(error?.message).toMatch(/^[a-z ]*\[left out\][a-z ]*$/);
  });

  it('shows codes, ids and dates as they are', () => {
    const message = 'secret_key_required: charge ch_3 of 2026-11-28 in acct_1A2b3C4d, see req_123456789012';
    expect(parseStripeError(JSON.stringify({ error: { message } }))?.message).toBe(message);
  });

  it('takes no client secret for an id, and no address of somebody else’s', () => {
    const odd = { payment_intent: secretOf('pi_1'), doc_url: 'https://evil.example/stripe.com' };
    expect(parseStripeError(JSON.stringify({ error: odd }))).toMatchObject({
      paymentIntent: undefined,
      docUrl: undefined,
    });
  });

  it.each(['', '[]', 'null', '{"error":"text"}', '<html>'])('is not %s', (text) => {
    expect(parseStripeError(text)).toBeUndefined();
  });
});
