import { type Credential, VALUE_PART } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';

/** What a key says of itself, none of it secret: Stripe shows the same in its Dashboard and its errors. */
export interface KeyKind {
  /** `sk`: may do everything; `rk`: restricted to some permissions. */
  readonly prefix: 'sk' | 'rk';
  readonly mode: 'live' | 'test';
  /** `sk_live_…4f2a`. */
  readonly id: string;
}

/** Lengths have grown over the years; the end of a key is its only part that is shown. */
const KEY = /^(sk|rk)_(live|test)_[A-Za-z0-9]{16,251}([A-Za-z0-9]{4})$/;

/** How a key is named in a plan and a journal; the same prefix and mode can be read from it again. */
const ID = /^(sk|rk)_(live|test)_…[A-Za-z0-9]{4}$/;

/** Undefined for what is not a secret or restricted key. */
export function kindOf(key: Credential): KeyKind | undefined {
  const [, prefix, mode, end] = KEY.exec(key[VALUE_PART]?.reveal() ?? '') ?? [];
  return prefix === undefined ? undefined : ({ prefix, mode, id: `${prefix}_${mode}_…${end}` } as KeyKind);
}

export function kindOfId(id: string): KeyKind | undefined {
  const [, prefix, mode] = ID.exec(id) ?? [];
  return prefix === undefined ? undefined : ({ prefix, mode, id } as KeyKind);
}

/** @throws RotationError REFUSED, with the reason but never the value */
export function requireKey(key: Credential, subject: string): KeyKind {
  const kind = kindOf(key);
  if (kind !== undefined) return kind;
  throw new RotationError('REFUSED', {
    subject,
    action: 'read the key',
    reason: problemOf(key[VALUE_PART]?.reveal()),
    hint: 'Copy the whole key from Stripe: `sk_live_`, `sk_test_`, `rk_live_` or `rk_test_`, and what follows.',
  });
}

/** Other things that Stripe hands out and people paste. */
const OTHERS: Readonly<Record<string, string>> = {
  pk_: 'a publishable key, which is no secret',
  whsec_: 'the signing secret of a webhook, which is rolled at its endpoint',
  ek_: 'an ephemeral key, which expires by itself',
  sk_org_: 'a key of an organization, which this issuer does not know',
};

function problemOf(value: string | undefined): string {
  if (value === undefined || value.trim() === '') return 'it is empty';
  if (/\s/.test(value)) return 'it has white space in front, inside or behind';
  const other = Object.entries(OTHERS).find(([prefix]) => value.startsWith(prefix));
  if (other !== undefined) return `it is ${other[1]}`;
  if (value.includes('*') || value.includes('…')) return 'it is the masked form, with its middle left out';
  return 'it does not look like a Stripe API key';
}
