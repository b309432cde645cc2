import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Credential } from '../../core/credential.ts';
import { Secret } from '../../core/secret.ts';
import type { KeyPairOptions } from './options.ts';

export const PRIVATE_PART = 'privateKey';
export const PUBLIC_PART = 'publicKey';

const generate = promisify(generateKeyPair);

type KeyPair = Record<typeof PRIVATE_PART | typeof PUBLIC_PART, Secret>;

export async function newKeyPair(options: KeyPairOptions): Promise<KeyPair> {
  const pair =
    options.format === 'rsa'
      ? await generate('rsa', { modulusLength: options.bits })
      : await generate('ed25519');
  return {
    [PRIVATE_PART]: new Secret(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    [PUBLIC_PART]: new Secret(publicPem(pair.publicKey)),
  };
}

/** Why the parts cannot be such a pair, or undefined. */
export function pairProblem(key: Credential, options: KeyPairOptions): string | undefined {
  const [privateText, publicText] = [key[PRIVATE_PART]?.reveal(), key[PUBLIC_PART]?.reveal()];
  if (privateText === undefined || publicText === undefined)
    return `it needs both ${PRIVATE_PART} and ${PUBLIC_PART}`;
  try {
    const privateKey = createPrivateKey(privateText);
    if (privateKey.asymmetricKeyType !== options.format) return `its private key is not ${options.format}`;
    const modulus = privateKey.asymmetricKeyDetails?.modulusLength;
    if (options.format === 'rsa' && modulus !== options.bits)
      return `its modulus does not have ${options.bits} bits`;
    if (privateKey.export({ type: 'pkcs8', format: 'pem' }) !== privateText) return NOT_AS_WRITTEN;
    return publicPem(createPublicKey(privateText)) === publicText
      ? undefined
      : 'its two halves do not belong together';
  } catch {
    // The library's own message may quote the input.
    return 'its private key cannot be read';
  }
}

const NOT_AS_WRITTEN = 'its private key is not PKCS #8 PEM without additions';

function publicPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
