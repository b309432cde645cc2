import { redactor } from '../../lib/redactor.ts';

/**
 * The error object of Stripe's API, all of it. Some of its fields are whole objects with names, cards and client secrets
 * in them: of those only the id is taken over.
 */
export interface StripeError {
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly userMessage: string | undefined;
  readonly param: string | undefined;
  readonly docUrl: string | undefined;
  readonly requestLogUrl: string | undefined;
  readonly charge: string | undefined;
  readonly declineCode: string | undefined;
  readonly adviceCode: string | undefined;
  readonly networkAdviceCode: string | undefined;
  readonly networkDeclineCode: string | undefined;
  readonly paymentMethodType: string | undefined;
  /** Ids. */
  readonly paymentIntent: string | undefined;
  readonly paymentMethod: string | undefined;
  readonly setupIntent: string | undefined;
  readonly source: string | undefined;
}

const LONGEST_QUOTE = 300;

/** Undefined when the body is not an error of Stripe's. */
export function parseStripeError(body: string): StripeError | undefined {
  const error = errorIn(body);
  if (error === undefined) return undefined;
  const text = (name: string): string | undefined => {
    const value = error[name];
    return typeof value === 'string' && value !== ''
      ? withoutPrivate(value).slice(0, LONGEST_QUOTE)
      : undefined;
  };
  return {
    type: text('type'),
    code: text('code'),
    message: text('message'),
    userMessage: text('user_message'),
    param: text('param'),
    docUrl: urlIn(error['doc_url']),
    requestLogUrl: urlIn(error['request_log_url']),
    charge: idIn(error['charge']),
    declineCode: text('decline_code'),
    adviceCode: text('advice_code'),
    networkAdviceCode: text('network_advice_code'),
    networkDeclineCode: text('network_decline_code'),
    paymentMethodType: text('payment_method_type'),
    paymentIntent: idIn(error['payment_intent']),
    paymentMethod: idIn(error['payment_method']),
    setupIntent: idIn(error['setup_intent']),
    source: idIn(error['source']),
  };
}

/** `The message (status 402, type card_error, code card_declined, decline_code …, charge ch_…)`. */
export function describeStripeError(error: StripeError, status: number): string {
  const told = SHOWN.flatMap(([name, field]) => {
    const value = error[field];
    return value === undefined ? [] : [`${name} ${value}`];
  });
  const words = error.message ?? error.userMessage ?? 'no message';
  return `${words} (${[`status ${status}`, ...told].join(', ')})`;
}

/** Where more is to be read. */
export function referencesOf(error: StripeError, requestId: string | undefined): string {
  const id = requestId !== undefined && /^req_[A-Za-z0-9]+$/.test(requestId) ? requestId : undefined;
  return [
    ...(error.docUrl === undefined ? [] : [`See ${error.docUrl}.`]),
    ...(id === undefined ? [] : [`Stripe knows this request as ${id}.`]),
    ...(error.requestLogUrl === undefined ? [] : [`Its log: ${error.requestLogUrl}`]),
  ].join(' ');
}

const SHOWN: readonly (readonly [name: string, field: keyof StripeError])[] = [
  ['type', 'type'],
  ['code', 'code'],
  ['param', 'param'],
  ['decline_code', 'declineCode'],
  ['advice_code', 'adviceCode'],
  ['network_advice_code', 'networkAdviceCode'],
  ['network_decline_code', 'networkDeclineCode'],
  ['payment_method_type', 'paymentMethodType'],
  ['charge', 'charge'],
  ['payment_intent', 'paymentIntent'],
  ['payment_method', 'paymentMethod'],
  ['setup_intent', 'setupIntent'],
  ['source', 'source'],
];

function errorIn(body: string): Record<string, unknown> | undefined {
  try {
    const { error } = (JSON.parse(body) ?? {}) as { error?: unknown };
    return typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Of an object, or of a text that is an id: no client secret is one (`pi_…_secret_…`). */
function idIn(value: unknown): string | undefined {
  const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
  return typeof id === 'string' && /^[a-z]{2,8}_[A-Za-z0-9]{1,64}$/.test(id) ? id : undefined;
}

/** Without its query: it may hold what was sent. */
function urlIn(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, hostname, pathname } = new URL(value);
  return protocol === 'https:' && /(^|\.)stripe\.com$/.test(hostname)
    ? `https://${hostname}${pathname}`
    : undefined;
}

/** Stripe masks keys in its messages; what somebody sent may stand in them all the same. */
function withoutPrivate(text: string): string {
  return PRIVATE.reduce(
    (shown, pattern) => shown.replace(pattern, '[left out]'),
    redactor.redact(text).replace(/\s+/g, ' '),
  );
}

const PRIVATE: readonly RegExp[] = [
  // `pi_…_secret_…`, `cs_test_…_secret_…`, `cuss_secret_…`; no code such as `secret_key_required`.
  /\b(?:[A-Za-z0-9]+_)+secret_[\w%-]+/g,
  /\b(?:sk|rk|ek|pk|whsec)_[A-Za-z0-9_]{12,}/g,
  /[^\s'"<>()]+@[^\s'"<>()]+\.[^\s'"<>()]+/g,
  // Account numbers with a country in front (IBAN).
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
  // Telephone numbers with a country, and social security numbers.
  /\+\d[\d ().-]{6,}\d/g,
  /\b\d{3}-\d{2}-\d{4}\b/g,
  // Numbers of cards and accounts, with or without gaps.
  /\b\d(?:[ -]?\d){11,18}\b/g,
];
