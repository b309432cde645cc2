import { randomUUID } from 'node:crypto';
import type { VaultServer } from '../../scripts/servers/servers-under-test.ts';
import type { IssuerEmulator } from '../../src/core/plugins/emulator.ts';
import { Secret } from '../../src/core/secret.ts';
import { isSecretIdWrite } from '../../src/issuers/vault-approle/emulator.ts';
import { startLoopbackServer } from '../../src/lib/emulator/loopback-server.ts';
import { failed } from '../../src/lib/vault/emulator/answers.ts';
import { forwardTo } from './forwarding-server.ts';

export interface AppRole extends IssuerEmulator {
  readonly mount: string;
  /** As root; the body of a good answer. @throws Error for any other */
  ask(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** Logs in as a service does. */
  logIn(secretId: string): Promise<{ readonly status: number }>;
}

const TOKEN = 'env:KEYTURN_TEST_VAULT_TOKEN';
const ROLE = 'shop';

/** A role of a real Vault or OpenBao in the place of our emulator, and a token with no more than the notes ask for. */
export async function startAppRole({ url, token: root }: VaultServer): Promise<AppRole> {
  const mount = `kt-${randomUUID()}`;
  const home = `auth/${mount}/role/${ROLE}`;
  const ask: AppRole['ask'] = async (method, path, body) => {
    const answer = await fetch(`${url}/v1/${path}`, {
      method,
      headers: { 'x-vault-token': root },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  };
  const dataOf = async (...asked: Parameters<AppRole['ask']>): Promise<Record<string, unknown>> =>
    ((await ask(...asked))['data'] ?? {}) as Record<string, unknown>;

  await ask('POST', `sys/auth/${mount}`, { type: 'approle' });
  await ask('POST', home, { token_policies: 'default', secret_id_ttl: '720h' });
  await ask('POST', `sys/policies/acl/${mount}`, { policy: policyFor(home) });
  const made = await ask('POST', 'auth/token/create', { policies: [mount], ttl: '2h' });
  const token = String((made['auth'] as { client_token?: unknown }).client_token);
  const { role_id: roleId } = await dataOf('GET', `${home}/role-id`);

  let effects = 0;
  const server = await startLoopbackServer(
    forwardTo(
      url,
      {
        isWrite: isSecretIdWrite,
        errorBody: (status) => ({ body: failed(status, 'as injected').body ?? '' }),
      },
      () => {
        effects += 1;
      },
    ),
  );

  const logIn: AppRole['logIn'] = async (secretId) =>
    fetch(`${url}/v1/auth/${mount}/login`, {
      method: 'POST',
      body: JSON.stringify({ role_id: roleId, secret_id: secretId }),
    });

  return {
    mount,
    ask,
    logIn,
    options: () => ({ address: server.url, mount, role: ROLE, auth: { method: 'token', token: TOKEN } }),
    resolve: (reference) => (reference === TOKEN ? token : undefined),
    inject: server.inject,
    effects: () => effects,
    issue: async () => {
      const { secret_id: secretId, secret_id_accessor: id } = await dataOf('POST', `${home}/secret-id`, {});
      return { id: String(id), credential: { secretId: new Secret(String(secretId)) } };
    },
    isLive: async ({ secretId }) => (await logIn(secretId?.reveal() ?? '')).status === 200,
    keys: async () => {
      const { keys = [] } = await dataOf('GET', `${home}/secret-id?list=true`);
      return (keys as readonly string[]).map((id) => ({ id, active: true }));
    },
    stop: async () => {
      await server.stop();
      await ask('DELETE', `sys/auth/${mount}`);
      await ask('DELETE', `sys/policies/acl/${mount}`);
    },
  };
}

function policyFor(home: string): string {
  return `
    path "${home}/secret-id"                  { capabilities = ["update", "list"] }
    path "${home}/secret-id/lookup"           { capabilities = ["update"] }
    path "${home}/secret-id-accessor/lookup"  { capabilities = ["update"] }
    path "${home}/secret-id-accessor/destroy" { capabilities = ["update"] }
    path "${home}"                            { capabilities = ["read"] }
  `;
}
