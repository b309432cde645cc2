import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import type { JsonObject } from '../../../core/json.ts';
import type { EmulatedAnswer } from '../../emulator/loopback-server.ts';
import { apiAnswer, refusal } from './emulated-answers.ts';
import type { EmulatedCall } from './emulated-call.ts';
import type { createEmulatedClock } from './emulated-clock.ts';

const HOUR_MS = 3_600_000;
const LONGEST_JWT_SECONDS = 600;

const EVERYTHING: Readonly<Record<string, string>> = {
  actions: 'write',
  environments: 'write',
  secrets: 'write',
  dependabot_secrets: 'write',
  codespaces_secrets: 'write',
  organization_secrets: 'write',
  organization_dependabot_secrets: 'write',
  organization_codespaces_secrets: 'write',
};

/** A GitHub App with one installation: it checks the signature of the JWT, and gives tokens of an hour. */
export function createEmulatedApp(clock: ReturnType<typeof createEmulatedClock>) {
  const tokens = new Map<string, number>();
  let identity = { appId: '12345', installationId: '67890' };
  let permissions = EVERYTHING;
  let pem: string | undefined;
  let issued = 0;

  const privateKey = (): string => {
    // A key takes a moment to make, and most emulators are asked with a token.
    pem ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs1',
      format: 'pem',
    }) as string;
    return pem;
  };

  const isSigned = (jwt: string): boolean => {
    const [header = '', claims = '', signature = ''] = jwt.split('.');
    const key = createPublicKey(privateKey());
    if (!verify('sha256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))) {
      return false;
    }
    const { iat, exp, iss } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
      iat: number;
      exp: number;
      iss: string;
    };
    return iss === identity.appId && exp - iat <= LONGEST_JWT_SECONDS && exp > iat;
  };

  const newToken = (): EmulatedAnswer => {
    const token = ['gh', 's_', randomBytes(18).toString('hex')].join('');
    tokens.set(token, clock.now() + HOUR_MS);
    issued += 1;
    const expires_at = new Date(clock.now() + HOUR_MS).toISOString().replace('.000Z', 'Z');
    return apiAnswer(201, { token, expires_at, permissions, repository_selection: 'all' });
  };

  return {
    privateKey,
    install: (appId: string, installationId: string): void => {
      identity = { appId, installationId };
    },
    grant: (granted: Readonly<Record<string, string>>): void => {
      permissions = granted;
    },
    /** How many tokens the installation was given. */
    issued: (): number => issued,
    /** Installation tokens are revoked when the App is suspended, its key replaced, and so on. */
    revokeTokens: (): void => tokens.clear(),
    accepts: (token: string | undefined): boolean => (tokens.get(token ?? '') ?? 0) > clock.now(),
    /** Undefined for what is not asked of the App itself. */
    answer: ({ method, segments, token = '' }: EmulatedCall): EmulatedAnswer | undefined => {
      const [app, installations, id, access] = segments;
      if (app !== 'app' || installations !== 'installations') return undefined;
      if (!isSigned(token)) return refusal(401, 'A JSON web token could not be decoded');
      if (id !== identity.installationId) return refusal(404, 'Not Found');
      if (method === 'POST' && access === 'access_tokens') return newToken();
      return apiAnswer(200, installation(id, permissions));
    },
  };
}

function installation(id: string, permissions: Readonly<Record<string, string>>): JsonObject {
  return {
    id: Number(id),
    app_slug: 'keyturn-rotator',
    account: { login: 'acme', type: 'Organization' },
    permissions,
    suspended_at: null,
  };
}
