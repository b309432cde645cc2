// @ts-check
import { MAX_BYTES } from './limits.js';

/** @import { EmulatedAnswer, EmulatedRequest, EmulatedService } from 'keyturn/plugin' */
/** @import { EmulatedEntry, EmulatedKv } from './emulated-kv.js' */

/**
 * The token there is, and what it may do.
 * @typedef {object} EmulatedToken
 * @property {string} secret
 * @property {string} accessor
 * @property {boolean} mayWrite
 */

/**
 * @typedef {object} EmulatedAgent
 * @property {EmulatedKv} kv
 * @property {EmulatedToken} token
 * @property {boolean} acls
 * @property {() => string} datacenter The only one it knows the way to.
 * @property {() => void} written Called for each write that was carried out.
 */

/**
 * The part of Consul's HTTP API that the store uses, with its words.
 * @param {EmulatedAgent} agent
 * @returns {EmulatedService}
 */
export function consulService(agent) {
  return {
    isWrite: ({ method }) => method !== 'GET',
    handle: (request) => route(agent, request),
    errorBody: (status) => ({
      headers: TEXT,
      body: status === 403 ? 'Permission denied' : status === 404 ? '' : 'rpc error making call: injected',
    }),
  };
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json' };
const KV = '/v1/kv/';

/**
 * @param {EmulatedAgent} agent
 * @param {EmulatedRequest} request
 * @returns {EmulatedAnswer}
 */
function route(agent, request) {
  const { path, method, query } = request;
  if (query.has('dc') && query.get('dc') !== agent.datacenter()) return text(500, 'No path to datacenter');
  if (path === '/v1/acl/token/self' && method === 'GET') return self(agent, request);
  if (!path.startsWith(KV)) return { status: 404 };
  const key = decodeURIComponent(path.slice(KV.length));
  if (!/^[A-Za-z0-9,._/-]+$/.test(key) || key.startsWith('/'))
    return text(400, 'key contains invalid character');
  const refused = refusal(agent, request, key);
  if (refused !== undefined) return refused;
  if (method === 'GET') return get(agent, key);
  if (method === 'PUT') return put(agent, request, key);
  return text(405, `method ${method} not allowed`);
}

/** @param {EmulatedRequest} request */
function givenToken({ headers }) {
  const bearer = headers.authorization?.replace(/^Bearer /i, '');
  const [given = bearer] = [headers['x-consul-token']].flat();
  return given;
}

/**
 * Without ACLs everybody may do everything; with them, who has no token may do nothing here.
 * @param {EmulatedAgent} agent
 * @param {EmulatedRequest} request
 * @param {string} key
 * @returns {EmulatedAnswer | undefined}
 */
function refusal({ acls, token }, request, key) {
  if (!acls) return undefined;
  const given = givenToken(request);
  if (given !== undefined && given !== token.secret) return text(403, 'ACL not found');
  const right = request.method === 'GET' ? 'read' : 'write';
  if (given !== undefined && (right === 'read' || token.mayWrite)) return undefined;
  const who = given === undefined ? 'anonymous token' : `token with AccessorID '${token.accessor}'`;
  return text(403, `Permission denied: ${who} lacks permission 'key:${right}' on "${key}"`);
}

/**
 * @param {EmulatedAgent} agent
 * @param {EmulatedRequest} request
 */
function self({ acls, token }, request) {
  if (!acls) return text(401, 'ACL support disabled');
  if (givenToken(request) !== token.secret) return text(403, 'ACL not found');
  const { accessor: AccessorID, secret: SecretID } = token;
  const body = JSON.stringify({ AccessorID, SecretID, Description: 'keyturn', Policies: [], Local: false });
  return { status: 200, headers: JSON_TYPE, body };
}

/**
 * @param {EmulatedAgent} agent
 * @param {string} key
 */
function get({ kv }, key) {
  const entry = kv.get(key);
  if (entry === undefined) return { status: 404, headers: { 'x-consul-index': '1' } };
  const headers = {
    ...JSON_TYPE,
    'x-consul-index': String(entry.modifyIndex),
    'x-consul-knownleader': 'true',
  };
  return { status: 200, headers, body: entryJson(key, entry) };
}

/**
 * By hand: flags are more than a number of JavaScript can hold.
 * @param {string} key
 * @param {EmulatedEntry} entry
 */
function entryJson(key, { value, flags, lockIndex, session, createIndex, modifyIndex }) {
  const fields = [
    `"LockIndex":${lockIndex}`,
    `"Key":${JSON.stringify(key)}`,
    `"Flags":${flags}`,
    `"Value":${value === '' ? 'null' : JSON.stringify(Buffer.from(value).toString('base64'))}`,
    ...(session === undefined ? [] : [`"Session":${JSON.stringify(session)}`]),
    `"CreateIndex":${createIndex}`,
    `"ModifyIndex":${modifyIndex}`,
  ];
  return `[{${fields.join(',')}}]`;
}

/**
 * @param {EmulatedAgent} agent
 * @param {EmulatedRequest} request
 * @param {string} key
 */
function put({ kv, written }, { query, body }, key) {
  const [cas, flags] = [query.get('cas'), query.get('flags') ?? '0'];
  if (!/^\d+$/.test(flags) || !/^\d+$/.test(cas ?? '0'))
    return text(500, 'strconv.ParseUint: invalid syntax');
  const size = Buffer.byteLength(body, 'utf8');
  if (size > MAX_BYTES) {
    return text(413, `Request body(${size} bytes) too large, max size: ${MAX_BYTES} bytes.`);
  }
  const done = kv.set(key, { value: body, flags, cas: cas === null ? undefined : Number(cas) });
  if (done) written();
  return { status: 200, headers: JSON_TYPE, body: String(done) };
}

/**
 * @param {number} status
 * @param {string} body
 * @returns {EmulatedAnswer}
 */
function text(status, body) {
  return { status, headers: TEXT, body };
}
