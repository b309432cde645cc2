import { createHmac, randomBytes } from 'node:crypto';

/**
 * Fingerprints must be comparable between a plan and the rotation that follows it, so the key comes from the
 * state folder; until it has been read, a key made at random keeps `Secret` printable and unlinkable.
 */
let fingerprintKey: Uint8Array = randomBytes(32);

/** Called once, by the composition root, with the 32 bytes kept in the state folder. */
export function useFingerprintKey(key: Uint8Array): void {
  fingerprintKey = key;
  last = undefined;
}

/** `fp:` and 12 hex digits of HMAC-SHA-256(key, value): safe to show, useless without the key. */
export function fingerprintOf(value: string): string {
  if (last?.value !== value) {
    const digest = createHmac('sha256', fingerprintKey).update(value, 'utf8').digest('hex');
    last = { value, fingerprint: `fp:${digest.slice(0, 12)}` };
  }
  return last.fingerprint;
}

/** Ten thousand targets of a key hold the same value, one after the other. */
let last: { readonly value: string; readonly fingerprint: string } | undefined;
