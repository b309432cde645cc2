import { createHmac } from 'node:crypto';

/** `sha256=` and the hex HMAC-SHA-256 of `TIMESTAMP.BODY`: the time is signed too, so that nothing can be replayed later. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`;
}
