import { z } from 'zod';

/**
 * An address that secrets may be sent to: TLS, or this very machine. What is no address at all goes no further, since
 * there is nothing in it to look at.
 */
export const addressSchema = z.url({ protocol: /^https?$/, abort: true }).refine(isPrivate, {
  error: 'must be https (http is accepted for this machine only: 127.0.0.1, ::1, localhost)',
});

function isPrivate(address: string): boolean {
  return new URL(address).protocol === 'https:' || isThisMachine(address);
}

export function isThisMachine(address: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(address).hostname);
}
