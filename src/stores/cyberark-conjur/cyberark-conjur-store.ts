import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Store, StoredSecret } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { createAccessToken } from '../../lib/conjur/access-token.ts';
import { applianceUrl } from '../../lib/conjur/appliance-url.ts';
import { createConjurClient } from '../../lib/conjur/conjur-client.ts';
import { askWhoami } from '../../lib/conjur/whoami.ts';
import { createHttpClient, type HttpClient } from '../../lib/http/http-client.ts';
import { refuseIfChanged } from './expected-version.ts';
import { type Follower, followersBehind } from './followers.ts';
import { type Observed, observe, observeAll } from './observe.ts';
import type { ConjurOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { restoreChanges } from './restore-changes.ts';
import { variablesOf } from './variable.ts';
import { createVariableApi } from './variable-api.ts';
import { formatVersion } from './versions.ts';
import { type Change, writeTogether } from './write-together.ts';

export async function openConjurStore(options: ConjurOptions, open: OpenContext): Promise<Store> {
  const { name, clock, timeoutMs, resolve } = open;
  const { account, auth } = options;
  const ca = options.ca === undefined ? undefined : (await resolve(options.ca)).reveal();
  const connect = (address: string): HttpClient =>
    createHttpClient({
      name,
      baseUrl: applianceUrl(address),
      timeoutMs,
      ...(ca === undefined ? {} : { ca }),
    });

  const leader = connect(options.address);
  const token = createAccessToken({ http: leader, name, account, auth, clock, resolve });
  const client = createConjurClient(leader, token);
  const api = createVariableApi(client, name, account);
  const replicas = (options.followers ?? []).map((address) => ({ address, http: connect(address) }));
  const followers: readonly Follower[] = replicas.map(({ address, http }) => ({
    address,
    api: createVariableApi(createConjurClient(http, token), name, account),
  }));

  return {
    whoami: (ctx) => askWhoami(client, name, options, ctx.signal),

    preflight: (slot, ctx) => preflightSlot(slot, { api, followers, name, signal: ctx.signal }),

    read: async (slot, ctx) => {
      const observed = await Promise.all(
        variablesOf(slot).map((variable) => observe(api, variable, ctx.signal)),
      );
      return storedSecret(observed.filter((variable) => variable !== undefined));
    },

    write: async (slot, values, expected, ctx) => {
      const variables = variablesOf(slot);
      const current = await observeAll(api, name, variables, ctx.signal);
      const changes = current.map((from): Change => ({ from, to: valueFor(values, from, name) }));
      if (expected !== undefined) await refuseIfChanged(api, name, changes, expected, ctx.signal);
      const numbers = await writeTogether(api, `${name}/${slot.ref}`, changes, ctx.signal);
      if (numbers === undefined) return { version: undefined };
      const version = formatVersion(numbers);
      const behind = await followersBehind(followers, variables, numbers, clock, ctx.signal);
      return { version, ...(behind.length === 0 ? {} : { details: { followersBehind: behind } }) };
    },

    restore: async (slot, restoration, ctx) => {
      const current = await observeAll(api, name, variablesOf(slot), ctx.signal);
      const changes = await restoreChanges(api, name, current, restoration, ctx.signal);
      await writeTogether(api, `${name}/${slot.ref}`, changes, ctx.signal);
    },

    close: async () => {
      token.close();
      for (const http of [leader, ...replicas.map((replica) => replica.http)]) http.close();
    },
  };
}

function storedSecret(observed: readonly Observed[]): StoredSecret | undefined {
  if (observed.length === 0) return undefined;
  const fields = Object.fromEntries(
    observed.flatMap(({ field, value }) => (value === undefined ? [] : [[field, value] as const])),
  );
  return { fields, version: formatVersion(new Map(observed.map(({ field, number }) => [field, number]))) };
}

function valueFor(values: Fields<Secret>, { field, id }: Observed, name: string): Secret {
  const value = values[field];
  if (value !== undefined) return value;
  throw new RotationError('INTERNAL', { subject: `${name}/${id}`, reason: 'a write without a value for it' });
}
