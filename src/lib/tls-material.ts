import { createSecureContext } from 'node:tls';
import { RotationError } from '../core/errors/rotation-error.ts';

export interface TlsMaterial {
  /** PEM each. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * What a connection would stumble over only when it is made, where nobody could tell it from a broken wire: text that
 * is no PEM, a key that belongs to another certificate. OpenSSL's words name no material.
 * @throws RotationError CONFIG_INVALID
 */
export function assertUsableTls({ ca, cert, key }: TlsMaterial, subject: string): void {
  if ((cert === undefined) !== (key === undefined)) {
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: 'a client certificate and its key go together, and one of them is missing',
    });
  }
  try {
    createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RotationError('CONFIG_INVALID', {
      subject,
      reason: `its certificates cannot be used: ${reason.slice(0, 200)}`,
      hint: 'Certificates and keys are PEM text, and a key must be the one of its certificate.',
    });
  }
}
