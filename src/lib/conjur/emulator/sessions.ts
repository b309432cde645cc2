import { randomBytes } from 'node:crypto';

const TOKEN_LIFETIME_S = 480;

/** `Token token="…"`: the quotes are part of it, and so is standard base64. */
const HEADER = /^Token token="([A-Za-z0-9+/]+={0,2})"$/;

/** One identity, its API key and the tokens it was given. */
export interface EmulatedSessions {
  apiKey(): string;
  /** The old key dies at once; tokens live on until they run out. */
  rotateApiKey(): string;
  /** The token document, as `authenticate` gives it. */
  issue(username: string): string;
  /** Whether the `Authorization` header holds a token that is still good. */
  accepts(header: string | undefined): boolean;
  /** Lets all tokens age. */
  passTime(ms: number): void;
  /** States `exp` in tokens from now on, as servers with a configured lifetime do. */
  stateLifetime(seconds: number): void;
}

export function createEmulatedSessions(): EmulatedSessions {
  let apiKey = freshApiKey();
  let skewMs = 0;
  let stated: number | undefined;
  const tokens = new Map<string, number>();
  const now = (): number => Date.now() + skewMs;

  return {
    apiKey: () => apiKey,
    rotateApiKey: () => {
      apiKey = freshApiKey();
      return apiKey;
    },
    issue: (username) => {
      const iat = Math.floor(now() / 1000);
      const lifetime = stated ?? TOKEN_LIFETIME_S;
      const claims = { sub: username, iat, ...(stated === undefined ? {} : { exp: iat + stated }) };
      const signature = randomBytes(32).toString('base64');
      tokens.set(signature, now() + lifetime * 1000);
      return JSON.stringify({
        protected: encode({ alg: 'conjur.org/slosilo/v2', kid: 'emulator' }),
        payload: encode(claims),
        signature,
      });
    },
    accepts: (header) => {
      const encoded = HEADER.exec(header ?? '')?.[1];
      if (encoded === undefined) return false;
      const token = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as { signature?: string };
      return (tokens.get(token.signature ?? '') ?? 0) > now();
    },
    passTime: (ms) => {
      skewMs += ms;
    },
    stateLifetime: (seconds) => {
      stated = seconds;
    },
  };
}

function encode(claims: object): string {
  return Buffer.from(JSON.stringify(claims), 'utf8').toString('base64');
}

/** Lower-case Crockford base 32. */
function freshApiKey(): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  return [...randomBytes(52)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
