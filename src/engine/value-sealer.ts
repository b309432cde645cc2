import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { RotationError } from '../core/errors/rotation-error.ts';
import { Secret } from '../core/secret.ts';
import type { Sealer } from './sealer.ts';

const PREFIX = 'sealed:v1:';
/** The new and the old key are opened by every step of a wave; the many old values of targets are not worth keeping. */
const REMEMBERED = 16;

/** AES-256-GCM under the rotation's data key, bound to the rotation id: `sealed:v1:` and base64 of nonce, tag and text. */
export function createValueSealer(dataKey: Uint8Array, rotationId: string): Sealer {
  const opened = new Map<string, Secret>();

  const open = (sealed: string): Secret => {
    const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64');
    try {
      // Buffer skips what is no base64, so that many texts would read as the same bytes.
      if (sealed !== textOf(bytes)) throw new TypeError('not what was sealed');
      const decipher = createDecipheriv('aes-256-gcm', dataKey, bytes.subarray(0, 12), { authTagLength: 16 });
      decipher.setAAD(Buffer.from(rotationId));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return new Secret(
        Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'),
      );
    } catch {
      throw new RotationError('REFUSED', {
        subject: `sealed material of ${rotationId}`,
        reason: 'it does not open with this rotation’s data key',
      });
    }
  };

  return {
    seal: async (secret) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', dataKey, nonce);
      cipher.setAAD(Buffer.from(rotationId));
      const text = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()]);
      return textOf(Buffer.concat([nonce, cipher.getAuthTag(), text]));
    },
    unseal: async (sealed) => {
      const known = opened.get(sealed);
      if (known !== undefined) return known;
      const secret = open(sealed);
      if (opened.size < REMEMBERED) opened.set(sealed, secret);
      return secret;
    },
  };
}

function textOf(bytes: Buffer): string {
  return PREFIX + bytes.toString('base64');
}
