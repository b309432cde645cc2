import { randomBytes, randomInt } from 'node:crypto';

/** A key pair and whom it acts as. */
export interface EmulatedIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly arn: string;
  readonly userId: string;
}

export const ACCOUNT = '123456789012';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** As IAM makes them: a prefix that says what it is, and 16 base32 characters. */
export function uniqueId(prefix: string): string {
  return prefix + Array.from({ length: 16 }, () => BASE32[randomInt(BASE32.length)]).join('');
}

export function makeIdentity(userName: string, path = '/'): EmulatedIdentity {
  return {
    accessKeyId: uniqueId('AKIA'),
    // 30 bytes are 40 characters of base64.
    secretAccessKey: randomBytes(30).toString('base64'),
    arn: `arn:aws:iam::${ACCOUNT}:user${path}${userName}`,
    userId: uniqueId('AIDA'),
  };
}
