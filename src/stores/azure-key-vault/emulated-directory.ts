import { randomBytes, randomUUID } from 'node:crypto';
import type { EmulatedAnswer, EmulatedRequest } from '../../lib/emulator/loopback-server.ts';

/** The resource that tokens for a vault are for. */
export const RESOURCE = 'https://vault.azure.net';

export interface EmulatedDirectory {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The directory's answer; undefined for requests that are for somebody else. */
  answer(request: EmulatedRequest): EmulatedAnswer | undefined;
  /** Whether a token was issued here, for a vault. */
  accepts(authorization: string | undefined): boolean;
  /** Forgets the tokens it has given. */
  forget(): void;
}

/** Microsoft Entra ID, as far as an application with a secret needs it. */
export function emulatedDirectory(): EmulatedDirectory {
  const [tenantId, clientId, principal] = [randomUUID(), randomUUID(), randomUUID()];
  const clientSecret = randomBytes(24).toString('base64url');
  const tokens = new Set<string>();

  const token = ({ body }: EmulatedRequest): EmulatedAnswer => {
    const form = new URLSearchParams(body);
    if (form.get('client_id') !== clientId) {
      return refusal(400, 'unauthorized_client', 'AADSTS700016: Application was not found in the directory.');
    }
    if (form.get('client_secret') !== clientSecret)
      return refusal(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
    if (!(form.get('scope') ?? '').split(' ').includes(`${RESOURCE}/.default`))
      return refusal(400, 'invalid_scope', 'AADSTS70011: The provided value for scope is not valid.');
    const claims = { aud: RESOURCE, tid: tenantId, oid: principal, appid: clientId };
    const made = [{ alg: 'RS256', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .concat(randomBytes(32).toString('base64url'))
      .join('.');
    tokens.add(made);
    return json(200, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: made });
  };

  return {
    tenantId,
    clientId,
    clientSecret,
    answer: (request) => {
      if (request.path === `/${tenantId}/oauth2/v2.0/token`) return token(request);
      if (!request.path.startsWith(`/${tenantId}/`)) return undefined;
      const here = `https://${request.headers.host}/${tenantId}`;
      return json(200, {
        issuer: `${here}/v2.0`,
        authorization_endpoint: `${here}/oauth2/v2.0/authorize`,
        token_endpoint: `${here}/oauth2/v2.0/token`,
        jwks_uri: `${here}/discovery/v2.0/keys`,
      });
    },
    accepts: (authorization) => tokens.has((authorization ?? '').replace(/^Bearer /, '')),
    forget: () => tokens.clear(),
  };
}

function refusal(status: number, error: string, description: string): EmulatedAnswer {
  return json(status, { error, error_description: description, error_codes: [], trace_id: randomUUID() });
}

export function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}
