// @ts-check
import { jsonOf, RotationError, Secret, statusError, strangeAnswer } from 'keyturn/plugin';

/** @import { About, HttpAnswer, HttpClient } from 'keyturn/plugin' */
/** @import { ConsulOptions } from './options.js' */

/**
 * A key as it stands.
 * @typedef {object} Entry
 * @property {string} index `ModifyIndex`: another one after each change, and what a write can be tied to.
 * @property {string} flags An unsigned number of 64 bits that applications give a meaning to. A text, since a number of
 *   JavaScript would round it.
 * @property {Secret | undefined} value Undefined while it is empty.
 * @property {boolean} locked A session holds it.
 */

/** Raft gives the first index to itself, so that no key can have it: a write tied to it is looked at, and not done. */
const IMPOSSIBLE_INDEX = '1';

/**
 * What the HTTP API of Consul offers for one key.
 * @see https://developer.hashicorp.com/consul/api-docs/kv
 * @param {HttpClient} http
 * @param {{ name: string, token: Secret | undefined, options: ConsulOptions }} settings
 */
export function createConsulApi(http, { name, token, options: { datacenter, namespace, partition } }) {
  const scope = Object.entries({ dc: datacenter, ns: namespace, partition });

  /**
   * @param {About & { method: string, path: string, query?: Record<string, string>, body?: string, signal: AbortSignal }} request
   */
  const send = ({ subject: _subject, query = {}, path, ...request }) => {
    const parameters = new URLSearchParams(query);
    for (const [parameter, value] of scope) if (value !== undefined) parameters.set(parameter, value);
    const headers = token === undefined ? {} : { 'x-consul-token': token.reveal() };
    return http.send({ ...request, path: `${path}?${parameters}`, headers });
  };

  /** @param {string} key */
  const kv = (key) => `/v1/kv/${key.split('/').map(encodeURIComponent).join('/')}`;

  return {
    /**
     * Undefined when there is no such key. Asks the leader, and has it make sure that it still is one.
     * @param {string} key
     * @param {AbortSignal} signal
     * @returns {Promise<Entry | undefined>}
     */
    read: async (key, signal) => {
      /** @type {About} */
      const about = { subject: `${name}/${key}`, action: 'read the key', effect: 'read' };
      const answer = await send({
        ...about,
        method: 'GET',
        path: kv(key),
        query: { consistent: '' },
        signal,
      });
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw consulError(answer, about);
      return entryIn(answer, about);
    },

    /**
     * Writes the key if it still is what was read, and keeps its flags.
     * @param {string} key
     * @param {Secret} value
     * @param {Entry} from
     * @param {AbortSignal} signal
     * @throws RotationError CONFLICT when somebody else has written; INDETERMINATE when the answer was lost
     */
    replace: async (key, value, from, signal) => {
      /** @type {About} */
      const about = { subject: `${name}/${key}`, action: 'write the key', effect: 'write' };
      const query = { cas: from.index, flags: from.flags };
      const answer = await send({
        ...about,
        method: 'PUT',
        path: kv(key),
        query,
        body: value.reveal(),
        signal,
      });
      if (answer.status !== 200) throw consulError(answer, about);
      const said = answer.body.trim();
      if (said === 'false') {
        const reason = `its ModifyIndex is not ${from.index} any more`;
        throw new RotationError('CONFLICT', { subject: about.subject, action: about.action, reason });
      }
      if (said !== 'true') throw strangeAnswer(answer, about);
    },

    /**
     * Whether the token may write the key. Asks for a write that Consul allows or denies, and that cannot take place.
     * @param {string} key
     * @param {AbortSignal} signal
     */
    mayWrite: async (key, signal) => {
      /** @type {About} */
      const about = { subject: `${name}/${key}`, action: 'ask for the permission to write', effect: 'read' };
      const query = { cas: IMPOSSIBLE_INDEX };
      const answer = await send({ ...about, method: 'PUT', path: kv(key), query, body: '', signal });
      if (answer.status === 403) return false;
      if (answer.status === 200 && answer.body.trim() === 'false') return true;
      throw consulError(answer, about);
    },

    /**
     * The token's public id; undefined where Consul runs without ACLs.
     * @param {AbortSignal} signal
     * @returns {Promise<string | undefined>}
     */
    accessor: async (signal) => {
      /** @type {About} */
      const about = { subject: name, action: 'ask whose token it is', effect: 'read' };
      const answer = await send({ ...about, method: 'GET', path: '/v1/acl/token/self', signal });
      if (answer.status === 401 && answer.body.includes('ACL support disabled')) return undefined;
      if (answer.status !== 200) throw consulError(answer, about);
      // The answer holds the token itself as well: nothing else is taken from it.
      const { AccessorID } = /** @type {{ AccessorID?: unknown }} */ (jsonOf(answer, about) ?? {});
      if (typeof AccessorID !== 'string' || AccessorID === '') throw strangeAnswer(answer, about);
      return AccessorID;
    },
  };
}

/** @typedef {ReturnType<typeof createConsulApi>} ConsulApi */

/**
 * @param {HttpAnswer} answer
 * @param {About} about
 */
function consulError(answer, about) {
  const plain = answer.headers['content-type']?.startsWith('text/plain') === true;
  const said = plain ? answer.body.trim().slice(0, 200) : '';
  // Consul has one status for a token that it does not know and for one that may not do this.
  if (answer.status === 403 && said.includes('ACL not found')) {
    return new RotationError('UNAUTHENTICATED', {
      subject: about.subject,
      action: about.action,
      reason: said,
    });
  }
  return statusError(answer, about, said);
}

/**
 * From `[{"LockIndex":0,"Key":"a/b","Flags":0,"Value":"…","CreateIndex":7,"ModifyIndex":9}]`.
 * @param {HttpAnswer} answer
 * @param {About} about
 * @returns {Entry}
 */
function entryIn(answer, about) {
  const document = jsonOf(answer, about);
  const entry = /** @type {Record<string, unknown>} */ (Array.isArray(document) ? (document[0] ?? {}) : {});
  const { ModifyIndex: index, Value: value, Session: session } = entry;
  // No quote in any value of the entry is left unescaped, so that this is the field.
  const flags = /"Flags":\s*(\d+)/.exec(answer.body)?.[1];
  if (!Number.isSafeInteger(index) || flags === undefined) throw strangeAnswer(answer, about);
  const encoded = typeof value === 'string' ? value : '';
  return {
    index: String(index),
    flags,
    value: secretFrom(encoded, about),
    locked: typeof session === 'string',
  };
}

/**
 * @param {string} encoded
 * @param {About} about
 */
function secretFrom(encoded, { subject, action }) {
  if (encoded === '') return undefined;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return new Secret(decoder.decode(Buffer.from(encoded, 'base64')));
  } catch {
    const reason = 'its value is not UTF-8 text, and could not be put back as it was';
    throw new RotationError('REFUSED', { subject, action, reason });
  }
}
