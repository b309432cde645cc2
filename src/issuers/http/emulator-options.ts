import type { JsonObject } from '../../core/json.ts';
import type { EmulatedParts } from '../../lib/issuer/emulated-parts.ts';

const SECRET_FORMAT = 'hk_[0-9a-f]{16}_[0-9a-f]{40}';

/** What a user of the emulated service would write; only the names of the parts come from outside. */
export function emulatorOptions(address: string, token: string, parts: EmulatedParts): JsonObject {
  return {
    address,
    auth: { authorization: { prefix: 'Bearer ', value: token } },
    create: {
      method: 'POST',
      path: '/v1/keys',
      body: { name: '{{label}}' },
      expect: [201],
      parts: Object.fromEntries(parts.names.map((name) => [name, `data.parts.${name}`])),
      limit: { status: 422, where: { path: 'error.code', equals: 'key_limit' } },
    },
    identify: {
      method: 'GET',
      path: '/v1/whoami',
      headers: { authorization: `Bearer {{${parts.secret}}}` },
      principal: { id: 'account.id', display: 'account.name' },
    },
    list: {
      method: 'GET',
      path: '/v1/keys',
      items: 'data',
      id: 'id',
      label: 'name',
      createdAt: 'created_at',
      active: { path: 'status', equals: 'enabled' },
      next: { cursor: 'meta.next', parameter: 'cursor' },
    },
    deactivate: { method: 'POST', path: '/v1/keys/{{keyId | url}}/disable' },
    activate: { method: 'POST', path: '/v1/keys/{{keyId | url}}/enable' },
    delete: { method: 'DELETE', path: '/v1/keys/{{keyId | url}}' },
    lastUsed: { method: 'GET', path: '/v1/keys/{{keyId | url}}/usage', at: 'last_used_at' },
    keyId:
      parts.id === undefined ? { part: parts.secret, pattern: '^(hk_[0-9a-f]{16})_' } : { part: parts.id },
    formats: { [parts.secret]: SECRET_FORMAT },
    propagation: { confirmations: 1, intervalSeconds: 0, deadlineSeconds: 5 },
  };
}
