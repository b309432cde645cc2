import { createHmac, randomBytes } from 'node:crypto';

/**
 * Fingerprints must be comparable between a plan and the rotation that follows it, so the key comes from the
 * state folder; until it has been read, a key made at random keeps `Secret` printable and unlinkable.
 */
let fingerprintKey: Uint8Array = randomBytes(32);

/** Ten thousand targets hold the same few values. Forgotten with the key they were made with. */
const recent = new Map<string, string>();
const MOST_RECENT = 8;

/** Called once, by the composition root, with the 32 bytes kept in the state folder. */
export function useFingerprintKey(key: Uint8Array): void {
  fingerprintKey = key;
  recent.clear();
}

/** `fp:` and 12 hex digits of HMAC-SHA-256(key, value): safe to show, useless without the key. */
export function fingerprintOf(value: string): string {
  const known = recent.get(value);
  if (known !== undefined) return known;
  const digest = createHmac('sha256', fingerprintKey).update(value, 'utf8').digest('hex');
  const fingerprint = `fp:${digest.slice(0, 12)}`;
  if (recent.size >= MOST_RECENT) recent.clear();
  recent.set(value, fingerprint);
  return fingerprint;
}
