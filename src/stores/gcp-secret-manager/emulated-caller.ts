import { createPublicKey, generateKeyPairSync, randomUUID, verify } from 'node:crypto';

/** A service account, and how Google knows it again. */
export interface EmulatedCaller {
  readonly email: string;
  /** The file of its key, as Google gives it. */
  readonly keyFile: string;
  /** Whether a token was signed by it, and is not over. */
  accepts(authorization: string | undefined): boolean;
}

/** Made once a process: it takes a while, and nothing depends on its being another one. */
let keyPair: { readonly privateKey: string; readonly publicKey: string } | undefined;

export function makeCaller(project: string): EmulatedCaller {
  keyPair ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const { privateKey, publicKey } = keyPair;
  const email = `rotator@${project}.iam.gserviceaccount.com`;
  const key = {
    type: 'service_account',
    project_id: project,
    private_key_id: randomUUID().replaceAll('-', ''),
    private_key: privateKey,
    client_email: email,
    client_id: '100000000000000000001',
    universe_domain: 'googleapis.com',
  };
  return {
    email,
    keyFile: JSON.stringify(key),
    accepts: (authorization) => {
      const [header = '', claims = '', signature = ''] = (authorization ?? '')
        .replace(/^Bearer /, '')
        .split('.');
      if (signature === '') return false;
      const signed = Buffer.from(`${header}.${claims}`);
      if (!verify('sha256', signed, createPublicKey(publicKey), Buffer.from(signature, 'base64url')))
        return false;
      const { iss, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
        iss: string;
        exp: number;
      };
      return iss === email && exp * 1000 > Date.now();
    },
  };
}
