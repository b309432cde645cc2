import { randomBytes, randomUUID } from 'node:crypto';
import type { JsonObject } from '../../../core/json.ts';
import type { EmulatedAnswer, EmulatedRequest } from '../../emulator/loopback-server.ts';
import { answered, failed } from './answers.ts';
import type { EmulatedToken, EmulatedTokens } from './tokens.ts';

export interface EmulatedLogins {
  /** The `auth` option that logs in here as the user's own does there: same method, mount, role and user name. */
  optionsLike(auth: JsonObject | undefined): JsonObject;
  resolve(reference: string): string | undefined;
  /** Undefined when the path is not a login. */
  handle(path: string, request: EmulatedRequest): EmulatedAnswer | undefined;
}

const REFUSED_WORDS: Readonly<Record<string, readonly [number, string]>> = {
  approle: [400, 'invalid role or secret ID'],
  userpass: [400, 'invalid username or password'],
  kubernetes: [403, 'permission denied'],
  jwt: [400, 'error validating token: error verifying token signature'],
};

/** All login methods keyturn knows, with credentials made for this emulator. */
export function createLogins(tokens: EmulatedTokens): EmulatedLogins {
  const secretOf = (): string => randomBytes(18).toString('base64url');
  const credentials = new Map([
    ['env:EMULATED_VAULT_TOKEN', tokens.issueLasting().id],
    ['env:EMULATED_VAULT_ROLE_ID', randomUUID()],
    ['env:EMULATED_VAULT_SECRET_ID', randomUUID()],
    ['env:EMULATED_VAULT_PASSWORD', secretOf()],
    ['env:EMULATED_VAULT_JWT', `${secretOf()}.${secretOf()}.${secretOf()}`],
  ]);
  const credential = (name: string): string | undefined => credentials.get(`env:EMULATED_VAULT_${name}`);
  /** Mount → method; options may add more. */
  const mounts = new Map(['approle', 'userpass', 'kubernetes', 'jwt'].map((method) => [method, method]));
  const entities = new Map<string, string>();

  const accepts = (method: string, user: string, body: Record<string, unknown>): boolean => {
    switch (method) {
      case 'approle':
        return body['role_id'] === credential('ROLE_ID') && body['secret_id'] === credential('SECRET_ID');
      case 'userpass':
        return user !== '' && body['password'] === credential('PASSWORD');
      case 'kubernetes':
        return typeof body['role'] === 'string' && body['jwt'] === credential('JWT');
      default:
        return body['jwt'] === credential('JWT');
    }
  };

  return {
    optionsLike: (auth = {}) => {
      const { method = 'token', mount, role, username } = auth;
      if (typeof mount === 'string' && typeof method === 'string') mounts.set(mount, method);
      const place = mount === undefined ? {} : { mount };
      const roled = { ...place, ...(role === undefined ? {} : { role }), jwt: 'env:EMULATED_VAULT_JWT' };
      switch (method) {
        case 'approle':
          return {
            method,
            ...place,
            roleId: 'env:EMULATED_VAULT_ROLE_ID',
            secretId: 'env:EMULATED_VAULT_SECRET_ID',
          };
        case 'userpass':
          return {
            method,
            ...place,
            username: username ?? 'rotator',
            password: 'env:EMULATED_VAULT_PASSWORD',
          };
        case 'kubernetes':
          return { method, role: 'rotator', ...roled };
        case 'jwt':
          return { method, ...roled };
        default:
          return { method: 'token', token: 'env:EMULATED_VAULT_TOKEN' };
      }
    },
    resolve: (reference) => credentials.get(reference),
    handle: (path, request) => {
      const [, mount, user = ''] = /^auth\/(.+?)\/login(?:\/([^/]+))?$/.exec(path) ?? [];
      if (mount === undefined) return undefined;
      const method = mounts.get(mount);
      if (method === undefined) return failed(403, 'permission denied');
      const body = JSON.parse(request.body) as Record<string, unknown>;
      if (!accepts(method, user, body)) {
        const [status, words] = REFUSED_WORDS[method] ?? [400, 'refused'];
        return failed(status, words);
      }
      const name = user === '' ? mount.replaceAll('/', '-') : `${mount.replaceAll('/', '-')}-${user}`;
      const entity = entities.get(name) ?? randomUUID();
      entities.set(name, entity);
      return answered('null', { auth: authOf(tokens.issue(name, entity), tokens) });
    },
  };
}

export function authOf(token: EmulatedToken, tokens: EmulatedTokens): Record<string, unknown> {
  return {
    client_token: token.id,
    accessor: randomBytes(18).toString('base64url'),
    policies: ['default', 'keyturn'],
    token_policies: ['default', 'keyturn'],
    metadata: null,
    lease_duration: tokens.secondsLeft(token),
    renewable: !token.batch,
    entity_id: token.entityId,
    token_type: token.batch ? 'batch' : 'service',
    orphan: true,
    mfa_requirement: null,
    num_uses: token.usesLeft ?? 0,
  };
}
