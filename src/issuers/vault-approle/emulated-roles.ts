import { randomUUID } from 'node:crypto';
import type { EmulatedAnswer, EmulatedRequest } from '../../lib/emulator/loopback-server.ts';
import { answered, failed, wrapped } from '../../lib/vault/emulator/answers.ts';

interface EmulatedSecretId {
  readonly secretId: string;
  readonly accessor: string;
  readonly created: number;
  /** Seconds; 0: it does not expire. */
  readonly ttl: number;
  readonly uses: number;
  readonly cidrs: readonly string[];
  readonly metadata: Record<string, unknown>;
}

/** One role of an AppRole mount. */
export interface EmulatedRole {
  readonly settings: { bindSecretId: boolean; secretIdTtl: number; secretIdUses: number };
  make(body: Record<string, unknown>): EmulatedSecretId;
  live(): readonly EmulatedSecretId[];
  /** Below `auth/MOUNT/role/NAME/`. */
  handle(place: string, request: EmulatedRequest): EmulatedAnswer;
}

export function emulatedRole(now: () => number): EmulatedRole {
  const secretIds = new Map<string, EmulatedSecretId>();
  const settings = { bindSecretId: true, secretIdTtl: 0, secretIdUses: 0 };
  const isLive = ({ created, ttl }: EmulatedSecretId): boolean => ttl === 0 || created + ttl * 1000 > now();
  const noSuchAccessor = (accessor: unknown): string =>
    `failed to find accessor entry for secret_id_accessor: ${JSON.stringify(accessor)}`;

  const make: EmulatedRole['make'] = (body) => {
    const wished = /^(\d+)s$/.exec(String(body['ttl'] ?? ''))?.[1];
    const made: EmulatedSecretId = {
      secretId: randomUUID(),
      accessor: randomUUID(),
      created: now(),
      ttl: wished === undefined ? settings.secretIdTtl : Number(wished),
      uses: settings.secretIdUses,
      cidrs: (body['cidr_list'] ?? []) as readonly string[],
      metadata: JSON.parse(String(body['metadata'] ?? '{}')) as Record<string, unknown>,
    };
    secretIds.set(made.accessor, made);
    return made;
  };

  /** 204 for one that is expired, as for one that never was. */
  const told = (found: EmulatedSecretId | undefined): EmulatedAnswer =>
    found === undefined || !isLive(found) ? { status: 204 } : answered(JSON.stringify(described(found)));

  const places: Readonly<Record<string, (request: EmulatedRequest) => EmulatedAnswer>> = {
    'GET ': () =>
      answered(
        JSON.stringify({
          bind_secret_id: settings.bindSecretId,
          secret_id_ttl: settings.secretIdTtl,
          secret_id_num_uses: settings.secretIdUses,
          token_policies: ['default'],
        }),
      ),
    'GET secret-id': () =>
      secretIds.size === 0 ? failed(404) : answered(JSON.stringify({ keys: [...secretIds.keys()] })),
    'POST secret-id': (request) => {
      const { secretId, accessor, ttl, uses } = make(bodyOf(request));
      return answered(
        JSON.stringify({
          secret_id: secretId,
          secret_id_accessor: accessor,
          secret_id_ttl: ttl,
          secret_id_num_uses: uses,
        }),
      );
    },
    'POST secret-id/lookup': (request) => {
      const wanted = bodyOf(request)['secret_id'];
      return told([...secretIds.values()].find(({ secretId }) => secretId === wanted));
    },
    'POST secret-id-accessor/lookup': (request) => {
      const accessor = bodyOf(request)['secret_id_accessor'];
      const found = secretIds.get(String(accessor));
      if (found !== undefined) return told(found);
      return answered(JSON.stringify({ error: noSuchAccessor(accessor) }), { status: 404 });
    },
    'POST secret-id-accessor/destroy': (request) => {
      const accessor = bodyOf(request)['secret_id_accessor'];
      return secretIds.delete(String(accessor))
        ? { status: 204 }
        : failed(500, wrapped(noSuchAccessor(accessor)));
    },
  };

  return {
    settings,
    make,
    live: () => [...secretIds.values()].filter(isLive),
    handle: (place, request) =>
      places[`${request.method} ${place}`]?.(request) ?? failed(405, wrapped('unsupported operation')),
  };
}

function bodyOf({ body }: EmulatedRequest): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

function described({ accessor, created, ttl, uses, cidrs, metadata }: EmulatedSecretId): object {
  const createdAt = new Date(created).toISOString();
  return {
    cidr_list: cidrs,
    creation_time: createdAt,
    expiration_time: ttl === 0 ? '0001-01-01T00:00:00Z' : new Date(created + ttl * 1000).toISOString(),
    last_updated_time: createdAt,
    metadata,
    secret_id_accessor: accessor,
    secret_id_num_uses: uses,
    secret_id_ttl: ttl,
    token_bound_cidrs: [],
  };
}
