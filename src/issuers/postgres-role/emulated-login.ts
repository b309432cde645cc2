import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The server's half of SCRAM-SHA-256 (RFC 5802), from the verifier alone. */
export interface EmulatedLogin {
  /** Takes client-first, gives server-first. */
  begin(clientFirst: string): string;
  /** Takes client-final, gives server-final; undefined when the password is not the one of the verifier. */
  finish(clientFinal: string): string | undefined;
}

/** Without a verifier everything goes its way all the same, and fails in the end: nobody learns which roles exist. */
export function emulatedLogin(verifier: string | undefined): EmulatedLogin {
  const kept = parse(verifier ?? mockVerifier());
  let bare = '';
  let serverFirst = '';
  let nonce = '';

  return {
    begin: (clientFirst) => {
      // Behind `n,,`, the channel binding that is not used.
      bare = clientFirst.replace(/^[^,]*,[^,]*,/, '');
      nonce = `${/r=([^,]+)/.exec(bare)?.[1] ?? ''}${randomBytes(18).toString('base64')}`;
      serverFirst = `r=${nonce},s=${kept.salt},i=${kept.iterations}`;
      return serverFirst;
    },
    finish: (clientFinal) => {
      const [, withoutProof = '', proof = ''] = /^(.*),p=(.*)$/.exec(clientFinal) ?? [];
      if (/r=([^,]+)/.exec(withoutProof)?.[1] !== nonce) return undefined;
      const exchanged = `${bare},${serverFirst},${withoutProof}`;
      const signature = sign(kept.storedKey, exchanged);
      const given = Buffer.from(proof, 'base64');
      if (given.length !== signature.length) return undefined;
      const clientKey = Buffer.from(given.map((byte, at) => byte ^ (signature[at] ?? 0)));
      const storedKey = createHash('sha256').update(clientKey).digest();
      if (verifier === undefined || !timingSafeEqual(storedKey, kept.storedKey)) return undefined;
      return `v=${sign(kept.serverKey, exchanged).toString('base64')}`;
    },
  };
}

function parse(verifier: string) {
  const [, iterations = '', salt = '', storedKey = '', serverKey = ''] =
    /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/.exec(verifier) ?? [];
  return {
    iterations,
    salt,
    storedKey: Buffer.from(storedKey, 'base64'),
    serverKey: Buffer.from(serverKey, 'base64'),
  };
}

function mockVerifier(): string {
  const [salt, stored, server] = [16, 32, 32].map((bytes) => randomBytes(bytes).toString('base64'));
  return `SCRAM-SHA-256$4096:${salt}$${stored}:${server}`;
}

function sign(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
