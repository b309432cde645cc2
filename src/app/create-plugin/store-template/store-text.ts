export function storeText(): string {
  return `// @ts-check
import {
  createHttpClient,
  RotationError,
  reported,
  Secret,
  statusError,
  strangeAnswer,
  WHOLE,
} from 'keyturn/plugin';

/** @import { About, OpenContext, Slot, Store } from 'keyturn/plugin' */
/** @import { Options } from './options.js' */

/**
 * Each method makes one attempt and throws what is true; keyturn retries, limits and compares around it.
 * @param {Options} options
 * @param {OpenContext} open
 * @returns {Promise<Store>}
 */
export async function openStore(options, { name, timeoutMs, resolve }) {
  const baseUrl = options.address.replace(/\\/+$/, '');
  const http = createHttpClient({ name, baseUrl, timeoutMs });
  const token = await resolve(options.token);
  const authorized = () => ({ authorization: \`Bearer \${token.reveal()}\` });

  /**
   * Undefined when there is nothing.
   * @param {Slot} slot
   * @param {AbortSignal} signal
   */
  const read = async (slot, signal) => {
    /** @type {About} */
    const about = { subject: \`\${name}/\${slot.ref}\`, action: 'read the value', effect: 'read' };
    const request = { ...about, path: pathOf(slot, name), signal };
    const answer = await http.send({ ...request, method: 'GET', headers: authorized() });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw statusError(answer, about);
    const { etag, 'content-type': type } = answer.headers;
    // The page of a proxy or of a login says 200 as well: it must not pass for a value.
    if (etag === undefined || !type?.startsWith('text/plain')) throw strangeAnswer(answer, about);
    return { value: answer.body === '' ? undefined : new Secret(answer.body), version: etag };
  };

  /**
   * Writes over what is there, and creates nothing. Gives the new version.
   * @param {Slot} slot
   * @param {Secret | undefined} value
   * @param {string} ifMatch
   * @param {AbortSignal} signal
   */
  const write = async (slot, value, ifMatch, signal) => {
    /**
     * With the effect 'write' an answer that is lost becomes INDETERMINATE: the value may have been written.
     * @type {About}
     */
    const about = { subject: \`\${name}/\${slot.ref}\`, action: 'write the value', effect: 'write' };
    if (value === undefined) throw new RotationError('INTERNAL', { ...about, reason: 'no value was given' });
    const request = { ...about, path: pathOf(slot, name), signal };
    const headers = { ...authorized(), 'content-type': 'text/plain; charset=utf-8', 'if-match': ifMatch };
    const answer = await http.send({ ...request, method: 'PUT', headers, body: value.reveal() });
    // 412 becomes CONFLICT, 401 UNAUTHENTICATED, 429 RATE_LIMITED, and so on.
    if (answer.status !== 204) throw statusError(answer, about);
    return answer.headers['etag'];
  };

  return {
    // What \`expect\` in a config is compared with before each write. Better than this: ask the system who the token is.
    whoami: async () => ({ display: \`the token for \${baseUrl}\`, attributes: { address: baseUrl } }),

    preflight: async (slot, { signal }) => {
      const subject = \`\${name}/\${slot.ref}\`;
      // What may pass is asked again. The rest is shown, beside all other findings.
      const findings = await reported(subject, async () => {
        // Better than this: ask also whether the token may write.
        if ((await read(slot, signal)) !== undefined) return [];
        const message = 'there is nothing at its URL';
        const hint = 'Make it first; keyturn does not.';
        return [{ severity: 'error', code: 'NOT_FOUND', subject, message, hint }];
      });
      return { findings, restore: 'value', cas: true };
    },

    read: async (slot, { signal }) => {
      const found = await read(slot, signal);
      if (found === undefined) return undefined;
      const { value, version } = found;
      return { fields: value === undefined ? {} : { [WHOLE]: value }, version };
    },

    // Without an expected version: whatever is there, as long as there is something.
    write: async (slot, values, expected, { signal }) => ({
      version: await write(slot, values[WHOLE], expected ?? '*', signal),
    }),

    // Over what this rotation has pushed, and over nothing else.
    restore: async (slot, { values, pushed }, { signal }) => {
      const about = { subject: \`\${name}/\${slot.ref}\`, action: 'bring the old value back' };
      const old = values?.[WHOLE];
      if (old === undefined) throw new RotationError('REFUSED', { ...about, reason: 'it is unknown' });
      const now = await read(slot, signal);
      if (now?.value?.equals(old) === true) return;
      if (now?.value === undefined || pushed[WHOLE]?.equals(now.value) !== true) {
        const reason = 'it holds neither the old value nor the pushed one';
        throw new RotationError('DRIFT', { ...about, reason });
      }
      await write(slot, old, now.version, signal);
    },

    close: async () => http.close(),
  };
}

/**
 * @param {Slot} slot
 * @param {string} name of the store
 */
function pathOf({ ref, fields }, name) {
  if (fields.length !== 1 || fields[0] !== WHOLE) {
    const reason = 'there is one value behind a URL, and it has no fields';
    throw new RotationError('REFUSED', { subject: \`\${name}/\${ref}\`, reason, hint: 'Leave \`field\` out.' });
  }
  return \`/\${ref.split('/').map(encodeURIComponent).join('/')}\`;
}
`;
}
