import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store, StoreIdentity } from '../../core/plugins/store.ts';
import { Secret } from '../../core/secret.ts';
import { createHttpClient } from '../../lib/http/http-client.ts';
import { BASE_URLS } from '../../lib/postman/address-schema.ts';
import { createEnvironmentApi } from './environment-api.ts';
import type { PostmanEnvironmentOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { replaceValues } from './replace-values.ts';
import { valuesToRestore } from './restore-values.ts';
import { variableOf } from './variable-problems.ts';

export async function openPostmanEnvironmentStore(
  options: PostmanEnvironmentOptions,
  open: OpenContext,
): Promise<Store> {
  const { name, clock, timeoutMs, resolve } = open;
  const apiKey = await resolve(options.apiKey);
  const http = createHttpClient({ name, baseUrl: options.baseUrl ?? BASE_URLS[options.region], timeoutMs });
  const api = createEnvironmentApi(http, { name, clock, apiKey });
  const subjectOf = (slot: Slot): string => `${name}/${slot.ref}`;

  return {
    whoami: async ({ signal }) => identityOf(await api.me(signal), name),

    preflight: (slot, { signal }) => preflightSlot(api, slot, subjectOf(slot), signal),

    read: async (slot, { signal }) => {
      const environment = await api.get(slot.ref, signal);
      if (environment === undefined) return undefined;
      const { updatedAt } = environment;
      const fields = slot.fields.flatMap((field) => {
        const value = variableOf(environment, field)?.value ?? '';
        return value === '' ? [] : [[field, new Secret(value)] as const];
      });
      return {
        fields: Object.fromEntries(fields),
        // Of the whole environment: it moves with every change, whoever made it.
        version: updatedAt,
        ...(updatedAt === undefined ? {} : { updatedAt }),
      };
    },

    // Without compare-and-set, a version would refuse what others wrote beside the slot, and nothing else.
    write: async (slot, values, _expected, { signal }) => {
      await replaceValues(api, slot, values, subjectOf(slot), signal);
      return { version: undefined };
    },

    restore: async (slot, restoration, { signal }) => {
      const subject = subjectOf(slot);
      const environment = await api.get(slot.ref, signal);
      if (environment === undefined) {
        throw new RotationError('NOT_FOUND', { subject, action: 'put the old value back' });
      }
      const values = valuesToRestore(environment, slot, restoration, subject);
      const fields = Object.keys(values);
      if (fields.length > 0) await replaceValues(api, { ref: slot.ref, fields }, values, subject, signal);
    },

    close: async () => http.close(),
  };
}

/** @throws RotationError UNAVAILABLE when the answer names nobody */
function identityOf(me: unknown, subject: string): StoreIdentity {
  const { user } = (me ?? {}) as {
    user?: { id?: unknown; username?: unknown; teamId?: unknown; teamDomain?: unknown };
  };
  if (typeof user?.id !== 'number') {
    throw new RotationError('UNAVAILABLE', {
      subject,
      action: 'ask who we are',
      reason: 'the answer names nobody',
    });
  }
  const username =
    typeof user.username === 'string' && user.username !== '' ? user.username : `user ${user.id}`;
  const domain = typeof user.teamDomain === 'string' ? user.teamDomain : '';
  const attributes = {
    userId: String(user.id),
    username,
    // 0, or nothing, for somebody without a team.
    ...(typeof user.teamId === 'number' && user.teamId !== 0 ? { teamId: String(user.teamId) } : {}),
    ...(domain === '' ? {} : { teamDomain: domain }),
  };
  return { display: domain === '' ? username : `${username} in team ${domain}`, attributes };
}
