import { VALUE_PART } from '../../core/credential.ts';
import type { AssistedTask, RequestedPart } from '../../core/operator.ts';
import type { KeyRef, ReplacedKey } from '../../core/plugins/issuer.ts';
import { kindOfId } from './key-format.ts';

const KEYS = {
  live: 'https://dashboard.stripe.com/apikeys',
  test: 'https://dashboard.stripe.com/test/apikeys',
};

export const NEW_KEY_PARTS: readonly RequestedPart[] = [{ name: VALUE_PART, label: 'New Stripe API key' }];

/**
 * A roll keeps the name and the permissions of the key and lets the old one live for a while. "Now", the choice at the
 * top, would kill it at once and every service with it.
 */
export function rollKeyTask(label: string, replaces: ReplacedKey | undefined): AssistedTask {
  const url = pageOf(replaces?.id);
  return {
    title: 'Roll the Stripe API key, with an overlap',
    url,
    instructions: [
      `Open ${url}, in ${accountOf(replaces)}.`,
      `Find ${replaces === undefined ? 'the key in use' : `the key that is shown as ${replaces.id}`}, open the menu in its row, and choose "Rotate key" ("Roll key").`,
      'Let the old key expire LATER, not "Now": after longer than the whole rotation takes, soak and gate included (7 days is the longest).',
      'Confirm, and copy the new key: Stripe shows it only once.',
      `Where the key has a note, write ${label} into it.`,
      'Give the new key to keyturn.',
    ],
  };
}

export function expireKeyTask(ref: KeyRef): AssistedTask {
  const url = pageOf(ref.id);
  return {
    title: `Let the Stripe API key ${ref.id} expire`,
    url,
    instructions: [
      `Open ${url} and find the old key, ${ref.id}: below its name stands when it expires.`,
      'If that is not yet, end it now in the menu of its row ("Expire now" or "Delete key"), or come back when the time is over.',
      'An expired key cannot be brought back: make sure that the end is the same, to the last character.',
      'Tell keyturn when it is done; it then asks Stripe whether the key is really dead.',
    ],
  };
}

function pageOf(id: string | undefined): string {
  return KEYS[kindOfId(id ?? '')?.mode ?? 'live'];
}

function accountOf(replaces: ReplacedKey | undefined): string {
  const account = replaces?.principal?.details?.['account'];
  return typeof account === 'string' ? `account ${account}` : 'the account of the old key';
}
