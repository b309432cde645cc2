// @ts-check
import { createHttpClient, RotationError, WHOLE } from 'keyturn/plugin';
import { createConsulApi } from './consul-api.js';
import { keyOf } from './key-of.js';
import { MAX_BYTES } from './limits.js';
import { preflightKey } from './preflight.js';

/** @import { Fields, OpenContext, Secret, Store } from 'keyturn/plugin' */
/** @import { ConsulOptions } from './options.js' */

/**
 * @param {ConsulOptions} options
 * @param {OpenContext} open
 * @returns {Promise<Store>}
 */
export async function openConsulStore(options, { name, timeoutMs, resolve }) {
  const baseUrl = options.address.replace(/\/+$/, '');
  const ca = options.ca === undefined ? {} : { ca: (await resolve(options.ca)).reveal() };
  const token = options.token === undefined ? undefined : await resolve(options.token);
  const http = createHttpClient({ name, baseUrl, timeoutMs, ...ca });
  const api = createConsulApi(http, { name, token, options });

  return {
    whoami: async ({ signal }) => {
      const accessor = await api.accessor(signal);
      return {
        display: accessor === undefined ? `anybody at ${baseUrl}, which has no ACLs` : `token ${accessor}`,
        attributes: { address: baseUrl, ...(accessor === undefined ? {} : { accessor }) },
      };
    },

    preflight: (slot, { signal }) => preflightKey(slot, { api, name, signal }),

    read: async (slot, { signal }) => {
      const entry = await api.read(keyOf(slot, name), signal);
      if (entry === undefined) return undefined;
      return { fields: entry.value === undefined ? {} : { [WHOLE]: entry.value }, version: entry.index };
    },

    write: async (slot, values, expected, { signal }) => {
      const key = keyOf(slot, name);
      const subject = `${name}/${key}`;
      const value = valueIn(values, subject);
      if (value.byteLength() > MAX_BYTES) {
        const reason = `${value.byteLength()} bytes, and Consul takes ${MAX_BYTES} (kv_max_value_size)`;
        throw new RotationError('LIMIT_REACHED', { subject, action: 'write the key', reason });
      }
      // Its flags have to be known to be kept; and from now on nobody can write in between.
      const now = await api.read(key, signal);
      if (now === undefined) throw new RotationError('NOT_FOUND', { subject, action: 'write the key' });
      if (expected !== undefined && now.index !== expected) {
        const reason = `its ModifyIndex is ${now.index}, and was ${expected} when it was read`;
        throw new RotationError('CONFLICT', { subject, action: 'write the key', reason });
      }
      await api.replace(key, value, now, signal);
      // Consul does not tell which index the write has got. A look that fails makes no failed write of it.
      const after = await api.read(key, signal).catch(() => undefined);
      return { version: after?.value?.equals(value) === true ? after.index : undefined };
    },

    restore: async (slot, { values, pushed }, { signal }) => {
      const key = keyOf(slot, name);
      const about = { subject: `${name}/${key}`, action: 'bring the old value back' };
      const old = values?.[WHOLE];
      if (old === undefined) {
        const reason = 'Consul keeps no old values, and this one was not kept here';
        const hint = 'Write it by hand, from wherever you have it.';
        throw new RotationError('REFUSED', { ...about, reason, hint });
      }
      const now = await api.read(key, signal);
      if (now?.value?.equals(old) === true) return;
      if (now?.value === undefined || pushed[WHOLE]?.equals(now.value) !== true) {
        const reason = now === undefined ? 'it is gone' : 'it holds neither the old value nor the pushed one';
        throw new RotationError('DRIFT', { ...about, reason });
      }
      await api.replace(key, old, now, signal);
    },

    close: async () => http.close(),
  };
}

/**
 * @param {Fields<Secret>} values
 * @param {string} subject
 */
function valueIn(values, subject) {
  const value = values[WHOLE];
  if (value !== undefined) return value;
  throw new RotationError('INTERNAL', { subject, reason: 'a write without a value for it' });
}
