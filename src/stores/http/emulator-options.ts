import type { JsonObject } from '../../core/json.ts';

/** What of a user's config matters to a rehearsal: how a slot is asked for, and what the API can do. */
export interface EmulatedTraits {
  readonly named: boolean;
  readonly each: boolean;
  readonly tellsVersion: boolean;
  readonly restores: boolean;
  readonly writeOnly: boolean;
  /** A read tells when a slot was written. */
  readonly tellsTime: boolean;
}

export const ALL_TOGETHER: EmulatedTraits = {
  named: true,
  each: false,
  tellsVersion: true,
  restores: true,
  writeOnly: false,
  tellsTime: true,
};

/** What a user of the emulated API would write. */
export function emulatorOptions(address: string, token: string, traits: EmulatedTraits): JsonObject {
  const { named, each, tellsVersion, restores, writeOnly } = traits;
  const secret = `/v1/${writeOnly ? 'sealed' : 'secrets'}/{{ref | url}}`;
  const path = named && !each ? secret : `${secret}/fields/${named ? '{{field | url}}' : ''}`;
  const versioned = tellsVersion || restores ? { version: { header: 'ETag' } } : {};
  return {
    address,
    auth: { authorization: { prefix: 'Bearer ', value: token } },
    read: {
      method: 'GET',
      path,
      ...shown(traits),
      ...versioned,
      ...(traits.tellsTime ? { updatedAt: 'meta.updated_at' } : {}),
    },
    ...(writeOnly ? { writeOnly } : {}),
    write: {
      method: named && !each ? 'PATCH' : 'PUT',
      path,
      body: named && !each ? { values: '{{values}}' } : { value: '{{value}}' },
      ...(tellsVersion ? { headers: { 'If-Match': '{{version}}' } } : {}),
      ...versioned,
    },
    ...(restores ? { restore: { method: 'POST', path: `${path}/versions/{{before | url}}/restore` } } : {}),
    whoami: {
      method: 'GET',
      path: '/v1/whoami',
      display: 'account.name',
      attributes: { account: 'account.id' },
    },
  };
}

function shown({ named, each, writeOnly }: EmulatedTraits): JsonObject {
  if (named && !each) return { fields: writeOnly ? 'data.names' : 'data.values' };
  return writeOnly ? {} : { value: 'data.value' };
}
