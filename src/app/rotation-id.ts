import { randomBytes } from 'node:crypto';

/** `r20261124-174501-k7f2q9`: sorts by time, fits where labels are short, and can be read out over the telephone. */
export function newRotationId(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';
  const random = [...randomBytes(6)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return `r${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${random}`;
}
