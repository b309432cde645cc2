import { randomBytes } from 'node:crypto';
import type { Fields } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { StoreEmulator } from '../../core/plugins/emulator.ts';
import type { Slot } from '../../core/plugins/store.ts';
import { createEmulatedSessions, type EmulatedSessions } from '../../lib/conjur/emulator/sessions.ts';
import { type LoopbackServer, startLoopbackServer } from '../../lib/emulator/loopback-server.ts';
import { followerView } from './emulated-follower.ts';
import { conjurService, type EmulatedIdentity } from './emulated-routes.ts';
import { createEmulatedVariables, type EmulatedVariables } from './emulated-variables.ts';
import { variablesOf } from './variable.ts';

const API_KEY = 'env:CONJUR_EMULATOR_API_KEY';
const JWT = 'env:CONJUR_EMULATOR_JWT';

/** A Conjur on this machine, and the hands of its administrator. */
export interface ConjurEmulator extends StoreEmulator {
  readonly server: LoopbackServer;
  readonly variables: EmulatedVariables;
  readonly sessions: EmulatedSessions;
  /** A read-only replica that shows a new version only after so many requests. */
  startFollower(lagRequests: number): Promise<LoopbackServer>;
}

export async function startConjurEmulator(): Promise<ConjurEmulator> {
  const variables = createEmulatedVariables();
  const sessions = createEmulatedSessions();
  const jwt = `${randomBytes(24).toString('base64url')}.${randomBytes(48).toString('base64url')}.emulated`;
  let identity = identityFor({}, jwt);
  let effects = 0;
  const written = (): void => {
    effects += 1;
  };
  const shared = { variables, sessions, identity: () => identity, written };
  const server = await startLoopbackServer(
    conjurService({ ...shared, readOnly: false, shown: (_id, variable) => variable.versions }),
  );
  const followers: LoopbackServer[] = [];

  return {
    server,
    variables,
    sessions,
    startFollower: async (lagRequests) => {
      const shown = followerView(lagRequests);
      const follower = await startLoopbackServer(conjurService({ ...shared, readOnly: true, shown }));
      followers.push(follower);
      return follower;
    },
    options: (original = {}) => {
      identity = identityFor(original, jwt);
      const auth = authOf(original);
      return {
        address: server.url,
        account: identity.account,
        auth:
          auth['method'] === 'jwt'
            ? { ...auth, token: JWT }
            : { method: 'api-key', login: identity.username, apiKey: API_KEY },
      };
    },
    resolve: (reference) => ({ [API_KEY]: sessions.apiKey(), [JWT]: jwt })[reference],
    inject: (fault) => server.inject(fault),
    effects: () => effects,
    stop: async () => {
      await Promise.all([server, ...followers].map((each) => each.stop()));
    },
    sampleSlot: (name, fields) => ({ ref: `apps/ci runners/${name}@v1+key`, fields }),
    seed: async (slot, values) => {
      for (const { field, id } of variablesOf(slot)) {
        variables.set(id, `first-${randomBytes(12).toString('hex')}`);
        variables.set(id, values[field] ?? '');
        variables.set(`${id}-beside`, randomBytes(12).toString('hex'));
      }
      return slot;
    },
    peek: async (slot) => currentValues(variables, slot),
    neighbours: async (slot) => variables.except(new Set(variablesOf(slot).map(({ id }) => id))),
    overwrite: async (slot, values) => {
      for (const { field, id } of variablesOf(slot)) {
        const value = values[field];
        if (value !== undefined) variables.set(id, value);
      }
    },
  };
}

function currentValues(variables: EmulatedVariables, slot: Slot): Fields<string> | undefined {
  const found = variablesOf(slot).flatMap(({ field, id }) => {
    const value = variables.current(id);
    return value === undefined ? [] : [[field, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The user's own account and login, so that a rehearsal says what the rotation will say. */
function identityFor(original: JsonObject, token: string): EmulatedIdentity {
  const auth = authOf(original);
  return {
    account: textOf(original['account']) ?? 'emulated',
    username: textOf(auth['login']) ?? textOf(auth['host']) ?? 'host/keyturn',
    jwt: { serviceId: textOf(auth['serviceId']) ?? 'emulated', token },
  };
}

function authOf(original: JsonObject): JsonObject {
  const auth = original['auth'];
  return typeof auth === 'object' && auth !== null && !Array.isArray(auth) ? (auth as JsonObject) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
